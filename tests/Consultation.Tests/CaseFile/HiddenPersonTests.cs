using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CaseFile;

/// <summary>Who asks is told to an expert only while a consent stands, in whatever the expert reads (design §2).</summary>
public sealed class HiddenPersonTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Number = "022-222-1111";

    [Fact]
    public async Task The_clients_telephone_is_mailed_to_experts_only_with_consent_and_always_to_the_client()
    {
        var expert = await app.ExpertNamedAsync("電話 太郎", email: "hidden@example.jp");
        var id = await app.HeldCaseAsync("株式会社未同意", (Track.Mic, expert));
        await app.Send(new EditCase(id, Contact: new("山田 花子", Phone: Number)));
        var booked = await app.Send(Visit(id, At(11, 27, 10), mode: VisitMode.Phone));

        Assert.Equal((0L, 1L), (await MailsAsync(id, "=", Number), await MailsAsync(id, "<>", Number)));
        await app.Send(new RecordConsent(id, Channel.Phone));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 30, 10), At(11, 30, 11), "先方の都合"));
        Assert.Equal((1L, 2L), (await MailsAsync(id, "=", Number), await MailsAsync(id, "<>", Number)));
        Assert.Equal(0L, await MailsAsync(id, "=", "山田 花子"));
    }

    [Fact]
    public async Task Once_the_consent_is_taken_back_the_expert_reads_neither_name_nor_number_anywhere()
    {
        var expert = await app.ExpertNamedAsync("撤回 太郎");
        var reader = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("株式会社撤回", (Track.Mic, expert));
        await app.Send(new EditCase(id, Contact: new("撤回 花子", Phone: Number)));
        await app.Send(new RecordConsent(id, Channel.Phone));
        await app.Send(new RecordContact(id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Person: "撤回 花子", Text: $"{Number} へ架電"));
        await app.Send(new ReferClient(id, Consultation.Reference.ReferralTargets.All[0].Key, Channel.Phone, $"撤回 花子さん {Number} に案内"));
        var booked = await app.Send(Visit(id, At(11, 27, 14), mode: VisitMode.Phone) with { Place = Number });
        Assert.Contains("撤回 花子", Written(await app.Send(new GetCase(id), reader)));
        Assert.Single((await app.Send(new ListCases(Number), reader)).Items);

        await app.Send(new WithdrawConsent(id));
        foreach (var read in new[] { Written(await app.Send(new GetCase(id), reader)), Written(await app.Send(new ListOwnVisits(), reader)), Written(await app.Send(new LookAtDiary(expert, new(2026, 11, 27), 1), reader)), Written(await app.Send(new ConfirmVisit(booked.Id), reader)) })
        {
            Assert.DoesNotContain("花子", read);
            Assert.DoesNotContain(Number, read);
        }

        foreach (var asked in new[] { Number, "0222221111", "花子" })
        {
            Assert.Empty((await app.Send(new ListCases(asked), reader)).Items);
            Assert.Contains((await app.Send(new ListCases(asked), await app.DeskAsync("tohoku"))).Items, row => row.Id == id);
        }

        Assert.Equal(id, Assert.Single((await app.Send(new ListCases("株式会社撤回"), reader)).Items).Id);
        Assert.Equal(id, Assert.Single((await app.Send(new ListCases("勤怠"), reader)).Items).Id);
        var desk = await app.Send(new GetCase(id), await app.DeskAsync("tohoku"));
        Assert.Equal(Number, Assert.Single(desk.Full!.Visits).Place);
    }

    private static string Written(object read) => System.Text.Json.JsonSerializer.Serialize(read, new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private async Task<object?> MailsAsync(CaseId id, string to, string words) =>
        await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template like 'visit-%' and recipient {to} 'hidden@example.jp' and body like '%{words}%'");
}
