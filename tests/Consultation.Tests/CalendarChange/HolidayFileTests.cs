using System.Text;
using Consultation.Calendar;
using Consultation.CalendarChange;
using Consultation.Messaging;

namespace Consultation.Tests.CalendarChange;

public sealed class HolidayFileTests
{
    [Theory]
    [InlineData("shift_jis")]
    [InlineData("utf-8")]
    [InlineData("utf-8 with bom")]
    public void The_published_file_reads_as_the_shipped_table(string encoding)
    {
        var file = HolidayFile.Read(Syukujitsu.File(encoding: encoding switch { "utf-8" => new UTF8Encoding(false), "shift_jis" => null, _ => Bom() }));
        Assert.Equal((2027, 2), (file.LastYear, file.Ignored));
        Assert.Equal(Enumerable.Range(2019, 9).SelectMany(NationalCalendar.Shipped.HolidaysOf), file.Days);
    }

    [Theory]
    [InlineData("2019-04-30", DayKind.Citizens)]
    [InlineData("2019-05-02", DayKind.Citizens)]
    [InlineData("2019-05-06", DayKind.Substitute)]
    [InlineData("2025-05-06", DayKind.Substitute)]
    [InlineData("2026-05-06", DayKind.Substitute)]
    [InlineData("2026-09-22", DayKind.Citizens)]
    public void What_the_file_only_calls_a_day_off_is_told_apart(string day, DayKind kind) =>
        Assert.Equal(kind, HolidayFile.Read(Syukujitsu.File()).Days.Single(h => h.On == DateOnly.ParseExact(day, "yyyy-MM-dd")).Kind);

    [Fact]
    public void Dashes_padded_days_empty_columns_and_quotes_of_a_spreadsheet_are_read()
    {
        var text = Encoding.UTF8.GetString(Syukujitsu.File(encoding: new UTF8Encoding(false))).Replace("2026/1/1,元日", "2026-01-01,\"元日\",", StringComparison.Ordinal);
        Assert.Equal(HolidayFile.Read(Syukujitsu.File()).Days, HolidayFile.Read(Encoding.UTF8.GetBytes(text)).Days);
    }

    public static TheoryData<string, byte[]> Broken() => new()
    {
        { "holidays.empty", [] },
        { "holidays.empty", Syukujitsu.Bytes("\r\n\r\n") },
        { "holidays.too_large", new byte[HolidayFile.MostBytes + 1] },
        { "holidays.not_text", [0x50, 0x4B, 0x03, 0x04, 0x00, 0x00, 0xFF] },
        { "holidays.not_text", Encoding.Unicode.GetBytes(Syukujitsu.Header) },
        { "holidays.not_text", [0x81, 0xFF, 0xFE] },
        { "holidays.header", Syukujitsu.Bytes("日付,名称\r\n2026/1/1,元日\r\n") },
        { "holidays.header", Syukujitsu.Bytes("2026/1/1,元日\r\n") },
        { "holidays.no_rows", Syukujitsu.Bytes(Syukujitsu.Header + "\r\n") },
        { "holidays.impossible_date", Edited("2026/2/11,", "2026/2/30,") },
        { "holidays.impossible_date", Edited("2026/2/11,", "令和8年2月11日,") },
        { "holidays.row", Edited("2026/2/11,建国記念の日", "2026/2/11") },
        { "holidays.row", Edited("2026/2/11,建国記念の日", "2026/2/11,建国記念の日,休み") },
        { "holidays.row", Edited("2026/2/11,建国記念の日", "2026/2/11,\"建国\"記念の日") },
        { "holidays.name", Edited("2026/2/11,建国記念の日", "2026/2/11,") },
        { "holidays.name", Edited("2026/2/11,建国記念の日", "2026/2/11," + new string('長', 41)) },
        { "holidays.name", Edited("2026/2/11,建国記念の日", "2026/2/11,建国\u0007記念の日") },
        { "holidays.twice", Edited("2026/2/11,建国記念の日", "2026/2/11,建国記念の日\r\n2026/2/11,建国記念の日") },
        { "holidays.cut_off", Syukujitsu.File(without: d => d > new DateOnly(2027, 8, 1)) },
        { "holidays.cut_off", Syukujitsu.File(without: d => d.Year == 2022) },
        { "holidays.cut_off", Syukujitsu.Bytes(Syukujitsu.Header + "\r\n1955/1/1,元日\r\n") },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_refused_with_its_reason(string code, byte[] file)
    {
        var error = Assert.Single(Assert.Throws<InvalidInput>(() => HolidayFile.Read(file)).Errors);
        Assert.Equal(("file", code), (error.Field, error.Code));
        Assert.DoesNotContain("{", error.Text);
    }

    private static byte[] Edited(string from, string to)
    {
        var text = Encoding.UTF8.GetString(Syukujitsu.File(encoding: new UTF8Encoding(false)));
        Assert.Contains(from, text);
        return Syukujitsu.Bytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    private static Encoding Bom() => new BomEncoding();

    private sealed class BomEncoding : UTF8Encoding
    {
        public override byte[] GetBytes(string s) => [.. Preamble, .. base.GetBytes(s)];

        private static new byte[] Preamble => [0xEF, 0xBB, 0xBF];
    }
}
