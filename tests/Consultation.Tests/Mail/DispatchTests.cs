using System.Text;
using System.Text.RegularExpressions;
using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;

namespace Consultation.Tests.Mail;

/// <summary>The dispatcher against a scripted server on a real socket; each test has its own peer and finishes its own mails.</summary>
public sealed class DispatchTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    // What an earlier test left waiting must not become due in the middle of this one.
    public async ValueTask InitializeAsync() => await MailNode.ForgetMailAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mail_is_sent_once_and_arrives_in_Japanese()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("once");
        Assert.Equal(1, await node.Send(new DispatchMail()));
        Assert.Equal(0, await node.Send(new DispatchMail()));

        var kept = Assert.Single(peer.Kept);
        var mail = await node.MailAsync("once");
        Assert.Equal((MailState.Sent, 1, false), (mail.State, mail.Attempts, mail.PossiblyTwice));
        Assert.NotNull(mail.SentAt);
        Assert.Equal(mail.MessageId, kept.MessageId);
        Assert.Equal("【テレワーク相談】R08-000123 の担当のお願い（11月26日(木)まで）", kept.Subject);
        Assert.Contains("令和8年11月24日(火)\r\n\r\n髙橋 葛 様\r\n\r\n次の相談案件", kept.Body);
        Assert.Contains("Content-Type: text/plain; charset=utf-8", kept.Raw, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("multipart", kept.Raw);
        Assert.Contains("Auto-Submitted: auto-generated", kept.Raw);
    }

    [Fact]
    public async Task A_long_Japanese_mail_keeps_to_the_rules_of_the_wire()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var long40 = string.Concat(Enumerable.Repeat("髙﨑葛󠄀", 40));
        await node.Send(new WriteMails([("wire", "client@firm.example")], CaseId.New(), Number: $"R08-000123 {long40}"));
        Assert.Equal(1, await node.Send(new DispatchMail()));

        var kept = Assert.Single(peer.Kept);
        Assert.Contains(long40, kept.Subject, StringComparison.Ordinal);
        Assert.Contains(long40, kept.Body, StringComparison.Ordinal);
        var headers = kept.Raw[..kept.Raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        // RFC 5322 §2.1.1, RFC 2047 §2: nothing but ASCII, short lines, encoded words of 75 at most that each decode alone.
        Assert.All(kept.Raw, c => Assert.True(c < 128));
        Assert.All(kept.Raw.Split("\r\n"), line => Assert.True(line.Length <= 78, line));
        var words = Regex.Matches(headers, @"=\?utf-8\?B\?([^?]*)\?=", RegexOptions.IgnoreCase);
        Assert.True(words.Count > 5);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Assert.All(words, word =>
        {
            Assert.True(word.Length <= 75, word.Value);
            strict.GetString(Convert.FromBase64String(word.Groups[1].Value));
        });
        Assert.Matches("(?im)^MIME-Version: 1.0", headers);
        Assert.Matches("(?im)^Content-Transfer-Encoding: base64", headers);
        Assert.Matches("(?im)^Auto-Submitted: auto-generated", headers);
        Assert.Matches("(?im)^X-Auto-Response-Suppress: All", headers);
        Assert.Matches("(?im)^From: =\\?utf-8", headers);
    }

    [Fact]
    public async Task A_4xx_waits_and_goes_out_later()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        peer.Then(new(Recipient: "450 later"));
        peer.Then(new(End: "452 full"));
        await node.WriteAsync("later");
        await node.Send(new DispatchMail());
        var first = await node.MailAsync("later");
        Assert.Equal((MailState.Deferred, "smtp.450", false), (first.State, first.ErrorCode, first.PossiblyTwice));
        Assert.InRange(first.NextAttemptAt - app.Now, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(61));

        await node.Send(new DispatchMail());
        Assert.Empty(peer.Seen);
        await DueAgainAsync(node, "later");
        await node.Send(new DispatchMail());
        var second = await node.MailAsync("later");
        Assert.Equal((MailState.Deferred, "smtp.452", 2, false), (second.State, second.ErrorCode, second.Attempts, second.PossiblyTwice));

        await DueAgainAsync(node, "later");
        await node.Send(new DispatchMail());
        Assert.Equal(MailState.Sent, (await node.MailAsync("later")).State);
        Assert.Single(peer.Kept);
    }

    [Fact]
    public async Task A_fault_of_our_own_bounces_nobody()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        peer.Then(new(Sender: "530 5.7.0 authentication required"));
        await node.WriteAsync("own-fault");
        await node.Send(new DispatchMail());
        Assert.Equal((MailState.Deferred, "smtp.530"), await StateAsync(node, "own-fault"));
    }

    [Fact]
    public async Task J31_a_break_between_the_data_and_250_sends_the_same_message_id_again_and_says_so()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        peer.Then(new(End: null));
        await node.WriteAsync("cut");
        await node.Send(new DispatchMail());
        var cut = await node.MailAsync("cut");
        Assert.Equal((MailState.Deferred, true), (cut.State, cut.PossiblyTwice));

        await DueAgainAsync(node, "cut");
        await node.Send(new DispatchMail());
        Assert.Equal(2, peer.Seen.Count);
        Assert.Equal(cut.MessageId, Assert.Single(peer.Seen.Select(m => m.MessageId).Distinct()));
        var sent = await node.MailAsync("cut");
        Assert.Equal((MailState.Sent, true), (sent.State, sent.PossiblyTwice));
    }

    [Fact]
    public async Task A_break_before_the_data_is_surely_no_second_copy()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        peer.Then(new(Data: "421 closing"));
        await node.WriteAsync("early");
        await node.Send(new DispatchMail());
        var mail = await node.MailAsync("early");
        Assert.Equal((MailState.Deferred, "smtp.421", false), (mail.State, mail.ErrorCode, mail.PossiblyTwice));
    }

    [Fact]
    public async Task A_lease_that_ran_out_while_sending_is_taken_over_and_the_late_sender_cannot_mark_it_any_more()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await using var other = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("stopped");
        // The first sender stands still between the data and the reply, as after SIGSTOP, until its lease is over and the other has sent.
        peer.Then(new(Before: async () =>
        {
            await node.SqlAsync("update outgoing_mail set lease_until = clock_timestamp() - interval '1 second' where event_key = 'stopped'");
            await other.Send(new DispatchMail());
        }, End: "450 not any more"));
        await node.Send(new DispatchMail());

        var mail = await node.MailAsync("stopped");
        Assert.Equal((MailState.Sent, true, 2), (mail.State, mail.PossiblyTwice, mail.Attempts));
        Assert.Equal(mail.MessageId, Assert.Single(peer.Seen.Select(m => m.MessageId).Distinct()));
    }

    [Fact]
    public async Task Moving_the_clock_ends_no_lease()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await node.WriteAsync("leased");
        var leased = await node.Send(new LeaseMail(1000));
        Assert.Contains(leased, l => l.Envelope.MessageId == node.MailAsync("leased").Result.MessageId);
        await app.MoveClockAsync(app.Now.AddDays(10));
        Assert.Empty(await node.Send(new LeaseMail(1000)));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task A_held_outbox_sends_nothing_until_it_is_released()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("held");
        await app.SqlAsync("update installation set mail_held = true");
        Assert.Equal(0, await node.Send(new DispatchMail()));
        Assert.Empty(peer.Commands);

        Assert.True(await node.Send(new ReleaseMail()) >= 1);
        await node.Send(new DispatchMail());
        Assert.Equal(MailState.Sent, (await node.MailAsync("held")).State);
    }

    [Fact]
    public async Task A_server_that_offers_no_sign_in_gets_no_mail_when_we_are_to_sign_in()
    {
        await using var silent = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: silent.Port, User: "desk", Password: "secret"));
        await node.WriteAsync("no-auth");
        await node.Send(new DispatchMail());
        Assert.Empty(silent.Seen);
        var mail = await node.MailAsync("no-auth");
        Assert.Equal((MailState.Deferred, "smtp.no_auth", false), (mail.State, mail.ErrorCode, mail.PossiblyTwice));

        await using var polite = new SmtpPeer(offersAuth: true);
        await using var again = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: polite.Port, User: "desk", Password: "secret"));
        await DueAgainAsync(again, "no-auth");
        await again.Send(new DispatchMail());
        Assert.Single(polite.Kept);
    }

    [Fact]
    public async Task A_server_without_encryption_gets_no_mail_when_it_is_required()
    {
        await using var plain = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: plain.Port, RequireTls: true));
        await node.WriteAsync("no-tls");
        await node.Send(new DispatchMail());
        Assert.DoesNotContain(plain.Commands, c => c.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase));
        Assert.Equal((MailState.Deferred, "smtp.no_tls"), await StateAsync(node, "no-tls"));
    }

    [Fact]
    public async Task A_tarpit_costs_its_own_time_and_no_other_mail()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Timeout: TimeSpan.FromSeconds(1)));
        peer.Then(new(Greets: false));
        await node.Send(new WriteMails([("tar-1", "a@firm.example"), ("tar-2", "b@firm.example"), ("tar-3", "c@firm.example")], CaseId.New()));
        await node.Send(new DispatchMail());
        Assert.Equal(2, peer.Kept.Count);
        Assert.Equal("smtp.timeout", (string?)await app.SqlAsync("select error_code from outgoing_mail where event_key like 'tar-%' and state = 'deferred' and not possibly_twice"));
    }

    [Fact]
    public async Task A_server_that_is_away_defers()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: 1));
        await node.WriteAsync("away");
        await node.Send(new DispatchMail());
        Assert.Equal((MailState.Deferred, "smtp.no_connection"), await StateAsync(node, "away"));
    }

    [Fact]
    public async Task Without_a_server_mail_waits()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await node.WriteAsync("waits");
        Assert.Equal(0, await node.Send(new DispatchMail()));
        Assert.Equal(MailState.Waiting, (await node.MailAsync("waits")).State);
    }

    [Fact]
    public async Task A_poisoned_row_hinders_no_other_mail()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.Send(new WriteMails([("poison", "a@firm.example"), ("good-1", "b@firm.example"), ("good-2", "c@firm.example")], CaseId.New()));
        await node.SqlAsync("update outgoing_mail set subject = E'a\\nb', recipient = E'a@b.example\\nX: y' where event_key = 'poison'");
        await node.Send(new DispatchMail());
        Assert.Equal(2, peer.Kept.Count);
        Assert.Equal((MailState.Bounced, "mail.bad_address"), await StateAsync(node, "poison"));
    }

    [Fact]
    public async Task Two_dispatchers_at_once_send_each_mail_once()
    {
        await using var peer = new SmtpPeer();
        await using var one = await MailNode.StartAsync(app, peer);
        await using var two = await MailNode.StartAsync(app, peer);
        await one.Send(new WriteMails([.. Enumerable.Range(0, 150).Select(i => ($"race-{i}", "many@firm.example"))], CaseId.New()));
        var tried = await Task.WhenAll(one.Send(new DispatchMail()), two.Send(new DispatchMail()), one.Send(new DispatchMail()));

        Assert.Equal(150, tried.Sum());
        Assert.Equal(150, peer.Kept.Count);
        Assert.Equal(150, peer.Kept.Select(m => m.MessageId).Distinct().Count());
        Assert.Equal(150L, await app.SqlAsync("select count(*) from outgoing_mail where event_key like 'race-%' and state = 'sent' and attempts = 1 and not possibly_twice"));
        Assert.InRange(peer.MostAtOnce, 2, 12);
    }

    private static async Task<(MailState, string?)> StateAsync(MailNode node, string key)
    {
        var mail = await node.MailAsync(key);
        return (mail.State, mail.ErrorCode);
    }

    // Only this mail's waiting is over; the clock of the class stays where the others need it.
    private static async Task DueAgainAsync(MailNode node, string key)
    {
        await node.SqlAsync($"update outgoing_mail set next_attempt_at = app_now() where event_key = '{key}'");
        await node.RestedAsync();
    }
}
