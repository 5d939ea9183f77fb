using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;

namespace Consultation.Tests.Mail;

/// <summary>What all workers share about the way out: the pace of each domain, domains that are left alone, and what an operator stops and lets go.</summary>
public sealed class SendingWayTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await MailNode.ForgetMailAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task No_domain_gets_more_than_its_pace_in_a_minute_whoever_sends_and_no_other_waits_for_it()
    {
        await using var peer = new SmtpPeer();
        await using var one = await MailNode.StartAsync(app, peer);
        await using var two = await MailNode.StartAsync(app, peer);
        var administrator = await app.OfAsync(Role.Administrator);
        Assert.Equal(10, await app.Send(new SetMailPace(10), administrator));
        await one.Send(new WriteMails([.. Enumerable.Range(0, 45).Select(n => ($"bulk-{n}", $"Somebody@Big.example"))], CaseId.New()));
        await one.Send(new WriteMails([.. Enumerable.Range(0, 5).Select(n => ($"few-{n}", "client@small.example"))], CaseId.New()));

        await Task.WhenAll(one.Send(new DispatchMail()), two.Send(new DispatchMail()), one.Send(new DispatchMail()));
        Assert.Equal((10, 5), (Count("Big"), Count("small")));
        Assert.Equal(0, await two.Send(new DispatchMail()));
        // Whoever must wait waits in the table and with nobody.
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where state = 'waiting' and lease_until is not null"));

        await app.SqlAsync("update outgoing_mail set attempted_at = attempted_at - interval '61 seconds' where id in (select id from outgoing_mail where event_key like 'bulk-%' and attempted_at is not null limit 4)");
        Assert.Equal(4, await two.Send(new DispatchMail()));
        await app.Send(new SetMailPace(null), administrator);
        Assert.Equal(31, await two.Send(new DispatchMail()));
        Assert.Equal("per_minute: - → 10 per_minute: 10 → -", await app.SqlAsync("select string_agg(details, ' ' order by id) from audit_entry where action = 'mail.pace_set'"));

        int Count(string domain) => peer.Kept.Count(mail => mail.Recipient.Contains(domain, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_domain_that_puts_several_mails_off_is_left_alone_while_others_go_on_and_one_mail_tries_again_first()
    {
        await using var peer = new SmtpPeer { Answers = to => to.EndsWith("@busy.example", StringComparison.Ordinal) ? "451 4.7.1 later" : null };
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 2));
        await node.Send(new WriteMails([.. Enumerable.Range(0, 30).SelectMany(n => new[] { ($"busy-{n}", "client@busy.example"), ($"calm-{n}", "client@calm.example") })], CaseId.New()));
        await node.Send(new DispatchMail());
        Assert.Equal(30, peer.Kept.Count);
        Assert.Equal(3L, await app.SqlAsync("select count(*) from outgoing_mail where event_key like 'busy-%' and attempts > 0"));
        var administrator = await app.OfAsync(Role.Administrator);
        var line = Assert.Single((await app.Send(new GetMailWay(), administrator)).Domains);
        Assert.Equal(("busy.example", 30, 3, "smtp.451", true), (line.Domain, line.Waiting, line.Strikes, line.LastCode, line.RestsFor > TimeSpan.FromSeconds(30)));

        await node.RestedAsync();
        Assert.Equal(1, await node.Send(new DispatchMail()));
        // The longer it goes on, the longer it is left alone.
        Assert.True((await app.Send(new GetMailWay(), administrator)).Domains.Single().RestsFor > TimeSpan.FromSeconds(90));

        peer.Answers = _ => null;
        await node.RestedAsync();
        await app.SqlAsync("update outgoing_mail set next_attempt_at = app_now() where state = 'deferred'");
        Assert.Equal(30, await node.Send(new DispatchMail()));
        Assert.Empty((await app.Send(new GetMailWay(), administrator)).Domains);
    }

    [Fact]
    public async Task One_mail_that_is_put_off_again_and_again_says_nothing_of_its_domain()
    {
        await using var peer = new SmtpPeer { Answers = to => to.StartsWith("full@", StringComparison.Ordinal) ? "452 4.2.2 mailbox full" : null };
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("full", "full@firm.example");
        for (var n = 0; n < 5; n++)
        {
            await app.SqlAsync("update outgoing_mail set next_attempt_at = app_now()");
            Assert.Equal(1, await node.Send(new DispatchMail()));
        }

        await node.WriteAsync("fine", "other@firm.example");
        Assert.Equal(1, await node.Send(new DispatchMail()));
        Assert.Equal(MailState.Sent, (await node.MailAsync("fine")).State);
    }

    [Fact]
    public async Task An_operator_holds_everything_and_lets_it_go_with_a_reason_and_nothing_is_lost()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var administrator = await app.OfAsync(Role.Administrator);
        await node.Send(new WriteMails([("pause-1", "a@one.example"), ("pause-2", "a@two.example")], CaseId.New()));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PauseMail("　"), administrator));
        Assert.True(await app.Send(new PauseMail("サーバーの移行"), administrator));
        Assert.False(await app.Send(new PauseMail("もう一度"), administrator));
        Assert.Equal(0, await node.Send(new DispatchMail()));
        var way = await app.Send(new GetMailWay(), administrator);
        Assert.Equal((true, "サーバーの移行", 2), (way.Held, way.HeldReason, way.Counts[MailState.Waiting]));
        Assert.NotNull(way.OldestWaiting);

        await app.Send(new ReleaseMail("移行を終えた"), administrator);
        Assert.Equal(2, await node.Send(new DispatchMail()));
        Assert.Equal("mail.paused サーバーの移行,mail.released 移行を終えた", await app.SqlAsync(
            $"select string_agg(action || ' ' || details, ',' order by id) from audit_entry where staff_id = '{administrator.Staff}' and action in ('mail.paused', 'mail.released')"));
        Assert.Null((await app.Send(new GetMailWay(), administrator)).HeldReason);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new PauseMail("理由"), await app.SupervisorAsync()));
    }

    [Fact]
    public async Task A_mail_that_is_leased_when_everything_is_held_is_given_back_unsent()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("leased");
        var mail = Assert.Single(await node.Send(new LeaseMail(10)));
        await app.Send(new PauseMail("確認"), await app.OfAsync(Role.Administrator));
        Assert.False(await node.Send(new MarkAttempting(mail.Id, mail.Fence)));
        Assert.Equal("waiting 0 t", await app.SqlAsync("select state || ' ' || attempts || ' ' || left((lease_until is null)::text, 1) from outgoing_mail"));
    }

    [Fact]
    public async Task Who_was_to_try_first_after_a_rest_and_is_stopped_before_it_began_leaves_the_try_to_the_next()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var administrator = await app.OfAsync(Role.Administrator);
        await node.Send(new WriteMails([("first", "a@busy.example"), ("second", "b@busy.example")], CaseId.New()));
        await app.SqlAsync("update mail_server set fault = 'smtp.421', fault_since = app_now(), strikes = 1, rest_until = clock_timestamp() - interval '1 second'");
        await app.SqlAsync("insert into mail_domains (domain, strikes, rest_until) values ('busy.example', 3, clock_timestamp() - interval '1 second')");
        var mail = Assert.Single(await node.Send(new LeaseMail(10)));
        Assert.Empty(await node.Send(new LeaseMail(10)));
        await app.Send(new PauseMail("確認"), administrator);
        Assert.False(await node.Send(new MarkAttempting(mail.Id, mail.Fence)));
        await app.Send(new ReleaseMail(), administrator);
        Assert.Single(await node.Send(new LeaseMail(10)));
    }

    [Theory]
    [InlineData("update mail_server set fault = 'smtp.421', fault_since = app_now(), strikes = 1, rest_until = clock_timestamp() - interval '1 second'")]
    [InlineData("insert into mail_domains (domain, strikes, rest_until) values ('busy.example', 3, clock_timestamp() - interval '1 second')")]
    public async Task What_comes_back_untried_from_another_worker_lets_nobody_try_beside_the_mail_that_went_first(string rested)
    {
        await using var peer = new SmtpPeer();
        await using var one = await MailNode.StartAsync(app, peer);
        await using var two = await MailNode.StartAsync(app, peer);
        await one.Send(new WriteMails([.. Enumerable.Range(0, 4).Select(n => ($"busy-{n}", $"a{n}@busy.example"))], CaseId.New()));
        var other = Assert.Single(await two.Send(new LeaseMail(1)));
        await app.SqlAsync(rested);
        var first = Assert.Single(await one.Send(new LeaseMail(10)));

        Assert.Equal(1, await two.Send(new ReturnMail([other])));
        Assert.Empty(await two.Send(new LeaseMail(10)));
        // Nor does whoever lost the first mail to this lease say anything about it.
        Assert.Equal(0, await two.Send(new ReturnMail([first with { Fence = first.Fence - 1 }])));
        Assert.Empty(await two.Send(new LeaseMail(10)));

        Assert.Equal(1, await one.Send(new ReturnMail([first])));
        var again = Assert.Single(await two.Send(new LeaseMail(10)));
        Assert.True(await two.Send(new MarkAttempting(again.Id, again.Fence)));
        Assert.True(await two.Send(new MarkMail(again.Id, again.Fence, new(DeliveryEnd.Accepted))));
        Assert.Equal(3, (await one.Send(new LeaseMail(10))).Count);
    }

    [Fact]
    public async Task An_operator_stops_one_domain_whatever_its_capitals_and_the_others_go_out()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var administrator = await app.OfAsync(Role.Administrator);
        await node.Send(new WriteMails([("stop-1", "a@Stop.Example"), ("stop-2", "b@firm.example")], CaseId.New()));
        Assert.Equal("stop.example", await app.Send(new PauseDomain(" @STOP.example ", "先方の依頼"), administrator));
        Assert.Equal("mail.domain_paused", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PauseDomain("stop.example", "先方の依頼"), administrator))).Code);
        Assert.Equal(1, await node.Send(new DispatchMail()));
        var line = Assert.Single((await app.Send(new GetMailWay(), administrator)).Domains);
        Assert.Equal(("stop.example", 1, "先方の依頼", true), (line.Domain, line.Waiting, line.PauseReason, line.IsKept));
        Assert.Equal("stop-1", Assert.Single((await app.Send(new ListOutgoingMail(Domain: "stop.example"), administrator)).Items) is { } row
            ? await app.SqlAsync($"select event_key from outgoing_mail where id = '{row.Id}'") : null);

        await app.Send(new ResumeDomain("stop.example", "先方の了解"), administrator);
        Assert.Equal("mail.domain_open", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ResumeDomain("stop.example"), administrator))).Code);
        Assert.Equal(1, await node.Send(new DispatchMail()));
        Assert.Equal("stop.example; 先方の依頼,stop.example; 先方の了解", await app.SqlAsync(
            $"select string_agg(details, ',' order by id) from audit_entry where staff_id = '{administrator.Staff}' and action in ('mail.domain_paused', 'mail.domain_resumed')"));
        Assert.Contains("mail.bad_domain", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PauseDomain("a b", "x"), administrator))).Errors.Select(e => e.Code));
    }

    [Fact]
    public async Task Several_mails_are_retried_or_taken_out_at_once_and_what_left_meanwhile_stays()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var administrator = await app.OfAsync(Role.Administrator);
        await node.Send(new WriteMails([.. Enumerable.Range(0, 6).Select(n => ($"many-{n}", $"a@{(n < 3 ? "dead" : "live")}.example"))], CaseId.New()));
        await app.SqlAsync("update outgoing_mail set state = 'dead', attempts = 18, error_code = 'smtp.450' where event_key < 'many-5'");
        await app.SqlAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where event_key = 'many-5'");
        var all = (await app.Send(new ListOutgoingMail(), administrator)).Items.Select(row => row.Id).ToList();

        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new RetryMails(new([]), "理由"), administrator));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new RetryMails(new(), "理由"), administrator));
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new DiscardMails(new(all), ""), administrator));
        Assert.Equal(new MailsDone(3, 0, false), await app.Send(new DiscardMails(new(State: MailState.Dead, Domain: "dead.example"), "宛先の会社が解散"), administrator));
        Assert.Equal(new MailsDone(2, 4, false), await app.Send(new RetryMails(new(all), "受信の設定を直した"), administrator));
        Assert.Equal(2, await node.Send(new DispatchMail()));
        Assert.Equal("discarded 3,sent 3", await app.SqlAsync("select string_agg(state || ' ' || n, ',' order by state) from (select state, count(*) as n from outgoing_mail group by state) s"));
        Assert.Equal(5L, await app.SqlAsync($"select count(*) from audit_entry where staff_id = '{administrator.Staff}' and action in ('mail.retried', 'mail.discarded') and details like 'state: dead → %; %'"));
    }
}
