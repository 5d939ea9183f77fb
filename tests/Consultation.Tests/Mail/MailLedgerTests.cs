using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>Who got what when (P08): by case and by person, with rights.</summary>
public sealed class MailLedgerTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task P08_a_case_tells_who_got_which_words_when_and_what_became_of_it()
    {
        var (expert, other) = (await app.ExpertNamedAsync("台帳 一郎"), await app.ExpertNamedAsync("台帳 二郎", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社台帳", (Track.Mic, expert), (Track.Mhlw, other));
        await app.Send(Visit(id, At(11, 26, 10)));
        await app.SqlAsync($"update outgoing_mail set state = 'deferred', attempts = 3, error_code = 'smtp.450', next_attempt_at = '2026-11-24 10:00+09', possibly_twice = true where reference = '{id}' and template = 'visit-confirmed' and person is null");
        await app.SqlAsync($"update outgoing_mail set state = 'bounced', attempts = 1, error_code = 'smtp.550' where reference = '{id}' and template = 'visit-confirmed' and person = '{expert}'");
        await app.SqlAsync($"update outgoing_mail set state = 'sent', attempts = 1, sent_at = '2026-11-24 09:21+09' where reference = '{id}' and template = 'visit-confirmed' and person = '{other}'");

        var desk = await app.DeskAsync("tohoku");
        var ledger = await app.Send(new ListCaseMail(id), desk);
        Assert.False(ledger.Held);
        var letters = ledger.Letters.Where(l => l.Template == "visit-confirmed").ToDictionary(l => l.Expert ?? "相談者");
        var client = letters["相談者"];
        Assert.Equal((MailState.Deferred, true, 3, "smtp.450", At(11, 24, 10)), (client.State, client.PossiblyTwice, client.Attempts, client.ErrorCode, client.NextAt!.Value));
        Assert.Equal(0, client.Version);
        Assert.Equal((MailState.Bounced, null), (letters["台帳 一郎"].State, letters["台帳 一郎"].NextAt));
        Assert.Equal((MailState.Sent, At(11, 24, 9, 21)), (letters["台帳 二郎"].State, letters["台帳 二郎"].SentAt!.Value));
        Assert.Contains("@example.jp", client.Recipient, StringComparison.Ordinal);
        Assert.DoesNotContain("***", client.Recipient, StringComparison.Ordinal);

        var read = await app.Send(new GetCaseMail(id, client.Id), desk);
        Assert.Contains("株式会社台帳", read.Body, StringComparison.Ordinal);
        Assert.True(read.HasCalendar);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from audit_entry where action = 'case.mail_viewed' and subject_id = '{id}'"));

        // An expert sees the client's letters, masked without consent, and the own; not the partner's, and no text.
        var seen = await app.Send(new ListCaseMail(id), await app.ExpertAsync(expert));
        Assert.Equal(["台帳 一郎", "相談者"], seen.Letters.Select(l => l.Expert ?? "相談者").Distinct().Order(StringComparer.Ordinal));
        Assert.All(seen.Letters.Where(l => l.Expert is null), l => Assert.Contains("***@", l.Recipient, StringComparison.Ordinal));
        Assert.All(seen.Letters, l => Assert.False(l.CanBeRead));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new GetCaseMail(id, client.Id), await app.ExpertAsync(expert)));

        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ListCaseMail(id), await app.DeskAsync("kinki")));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetCaseMail(id, client.Id), await app.DeskAsync("kinki")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListCaseMail(id), await app.OfAsync(Role.Administrator)));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetCaseMail(CaseId.New(), client.Id)));
    }

    [Fact]
    public async Task What_is_told_by_telephone_stands_in_the_ledger_too()
    {
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Desk: "tohoku", Contact: new("山田", Phone: "022-221-0000")));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await node.Send(new WriteLetter(logged.Id, "by-phone"));
        var ledger = await app.Send(new ListCaseMail(logged.Id), await app.DeskAsync("tohoku"));
        Assert.Empty(ledger.Letters);
        Assert.Equal(CallBackState.Open, Assert.Single(ledger.Calls).State);
    }

    [Fact]
    public async Task P08_an_expert_reads_the_own_ledger_page_by_page_and_nobody_elses()
    {
        var (expert, other) = (await app.ExpertNamedAsync("本人 一郎"), await app.ExpertNamedAsync("他人 二郎"));
        var first = await app.HeldCaseAsync("株式会社甲一", (Track.Mic, expert));
        var second = await app.HeldCaseAsync("株式会社乙一", (Track.Mic, expert));
        await app.Send(Visit(second, At(11, 27, 14)));

        var own = await app.ExpertAsync(expert);
        var page = await app.Send(new ListExpertMail(expert, Limit: 2), own);
        Assert.Equal(["visit-confirmed", "offer-made"], page.Items.Select(i => i.Row.Template));
        Assert.All(page.Items, i => Assert.Equal(second, i.Case));
        var rest = await app.Send(new ListExpertMail(expert, MailId.Parse(page.Next!, null), 2), own);
        Assert.Equal(first, Assert.Single(rest.Items).Case);
        Assert.Null(rest.Next);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ListExpertMail(other), own));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ListExpertMail(expert), await app.DeskAsync("tohoku")));

        Assert.NotNull((await app.Send(new ListExpertMail(expert), await app.SupervisorAsync())).Items[0].Number);
        // Whoever runs the product looks after experts and sees no cases: neither number nor subject.
        Assert.All((await app.Send(new ListExpertMail(expert), await app.OfAsync(Role.Administrator))).Items, i => Assert.Equal((null, null), (i.Number, i.Row.Subject)));
    }
}
