using System.Text;
using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Tests.Cases;

public sealed class ImportTests(TestApp app) : IClassFixture<TestApp>
{
    private static byte[] Samples => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "inquiries.csv"));

    [Fact]
    public async Task The_samples_go_in_once_however_often_they_come_and_at_most_two_suggestions_are_wrong()
    {
        var rehearsal = await app.Send(new ImportInquiries(Samples, DryRun: true));
        Assert.Equal((40, 0, 0), (rehearsal.Read, rehearsal.Imported, rehearsal.Rejected.Count));

        var first = await app.Send(new ImportInquiries(Samples));
        Assert.Equal((40, 40, 0), (first.Read, first.Imported, first.Skipped));
        Assert.True(first.Matched >= 38, $"matched {first.Matched}");
        Assert.Equal(40, first.Cases.Select(c => c.Number).Distinct().Count());

        var again = await app.Send(new ImportInquiries(Samples));
        Assert.Equal((40, 0, 40), (again.Read, again.Imported, again.Skipped));
        Assert.Equal(true, await app.SqlAsync("select (select count(*) from audit_entry where action = 'case.logged') = (select count(*) from cases)"));
    }

    [Fact]
    public async Task Bad_rows_are_named_with_line_and_reason_and_the_good_one_goes_in()
    {
        var file = Encoding.UTF8.GetBytes("""
            received_at,channel,desk,employees,telework_status,text
            2026-02-30T10:00,phone,,,,存在しない日付
            2026-11-02T10:00,fax,,,,知らない経路
            2026-11-02T10:00,phone,atlantis,,,知らない窓口
            2026-11-02T10:00,phone,,たくさん,,人数が文字
            2026-11-02T10:00,phone,,,,
            2026-11-02T10:00,phone,,"１，２００",none,よい行
            2027-11-02T10:00,phone,,,,未来
            2026-11-02T10:00,phone,,,,番号 1234 5678 9018
            2026-11-02T10:00,phone,,,列が足りない
            """);
        var result = await app.Send(new ImportInquiries(file));
        Assert.Equal(1, result.Imported);
        Assert.Equal(7, Assert.Single(result.Cases).Line);
        Assert.Equal(
            [(2, "field.impossible_date"), (3, "field.unknown_code"), (4, "field.unknown_code"), (5, "import.number"), (6, "field.required"), (8, "inquiry.received_in_future"), (9, "inquiry.my_number"), (10, "import.columns")],
            result.Rejected.Select(r => (r.Line, r.Code)));
        Assert.All(result.Rejected, r => Assert.DoesNotContain("1234", r.Message));
    }

    [Fact]
    public async Task Shift_JIS_is_read_and_a_broken_file_is_refused()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var result = await app.Send(new ImportInquiries(Encoding.GetEncoding(932).GetBytes("channel,organization,text\nphone,㈱髙橋試験,ﾃﾚﾜｰｸの勤怠管理\n")));
        Assert.Equal(1, result.Imported);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ImportInquiries([0x63, 0x81, 0xFF, 0xFE])));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ImportInquiries(Encoding.UTF8.GetBytes("a,b\n1,2\n"))));
    }
}
