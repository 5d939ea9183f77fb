using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Work;

namespace Consultation.Tests.Mail;

/// <summary>What the administrator sees of the outbox, and may do.</summary>
public sealed class OutboxKeepingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_mail_given_up_is_sent_once_more_with_all_its_tries_and_the_same_Message_ID()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("given-up", "taro@firm.example");
        await node.SqlAsync("update outgoing_mail set state = 'dead', attempts = 18, error_code = 'smtp.450' where event_key = 'given-up'");
        var before = await node.MailAsync("given-up");

        await node.Send(new RetryMails(new([before.Id]), "受信の設定を直した"));
        await node.Send(new DispatchMail());
        var after = await node.MailAsync("given-up");
        Assert.Equal((MailState.Sent, 1, before.MessageId), (after.State, after.Attempts, after.MessageId));
        Assert.Equal("mail.not_retryable", (await Assert.ThrowsAsync<RuleViolation>(() => node.Send(new RetryMails(new([before.Id]), "受信の設定を直した")))).Code);
        Assert.Equal("mail.not_discardable", (await Assert.ThrowsAsync<RuleViolation>(() => node.Send(new DiscardMails(new([before.Id]), "不要")))).Code);
        Assert.Equal("state: dead → waiting; 受信の設定を直した", await app.SqlAsync($"select details from audit_entry where action = 'mail.retried' and subject_id = '{before.Id}'"));
    }

    [Fact]
    public async Task A_discarded_mail_stays_with_its_reason_and_is_never_sent()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("discarded");
        var mail = await node.MailAsync("discarded");
        await Assert.ThrowsAsync<InvalidInput>(() => node.Send(new DiscardMails(new([mail.Id]), " ")));

        await node.Send(new DiscardMails(new([mail.Id]), "復元の前に送信済み"));
        await node.Send(new DispatchMail());
        // Other tests of this class leave mails of their own to be sent.
        Assert.DoesNotContain(peer.Kept, kept => kept.MessageId == mail.MessageId);
        Assert.Equal(MailState.Discarded, (await node.MailAsync("discarded")).State);
        Assert.Equal("state: waiting → discarded; 復元の前に送信済み", await app.SqlAsync($"select details from audit_entry where action = 'mail.discarded' and subject_id = '{mail.Id}'"));
    }

    [Fact]
    public async Task The_list_masks_the_recipient_and_says_that_the_outbox_is_held_until_it_is_released()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await node.WriteAsync("masked", "hanako.yamada@firm.example");
        await node.SqlAsync("update outgoing_mail set possibly_twice = true where event_key = 'masked'");
        await app.SqlAsync("update installation set mail_held = true");
        var administrator = await app.OfAsync(Role.Administrator);

        var page = await app.Send(new ListOutgoingMail(Twice: true), administrator);
        Assert.Equal("h***@firm.example", Assert.Single(page.Items).Recipient);
        Assert.True(page.Held);
        await app.Send(new ReleaseMail(), administrator);
        await app.Send(new ReleaseMail(), administrator);
        Assert.False((await app.Send(new ListOutgoingMail(), administrator)).Held);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'mail.released' and staff_id = '{administrator.Staff}'"));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListOutgoingMail(), await app.SupervisorAsync()));
    }

    [Fact]
    public async Task A_job_runs_when_an_administrator_says_so_whatever_the_hour_and_the_audit_names_who()
    {
        await app.MoveClockAsync(new(2026, 11, 24, 23, 0, 0, TimeSpan.FromHours(9)));
        var administrator = await app.OfAsync(Role.Administrator);
        var ran = await app.Send(new RunJob("raise-follow-ups"), administrator);
        Assert.True(ran is { WasDue: true, ErrorCode: null });

        var line = (await app.Send(new ListWork(), administrator)).Single(job => job.Name == "raise-follow-ups");
        Assert.True(line is { Runs: 1, Backlog: 0, LastOutcome: WorkOutcome.Done } && line.Took >= TimeSpan.Zero);
        Assert.Equal("raise-follow-ups", await app.SqlAsync($"select details from audit_entry where action = 'work.run_now' and staff_id = '{administrator.Staff}'"));
        Assert.True((await app.Send(new ListWork(), administrator)).Single(job => job.Name == "seal-audit").Backlog > 0);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new RunJob("nothing"), administrator));
        await app.MoveClockAsync(TestApp.Start);
    }
}
