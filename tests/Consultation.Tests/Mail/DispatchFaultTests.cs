using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Mail;

/// <summary>Servers that misbehave, over a socket: what is held, what waits, what is surely no second copy, and that nothing takes longer than our patience.</summary>
public sealed class DispatchFaultTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async ValueTask InitializeAsync() => await MailNode.ForgetMailAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Mails_that_go_out_together_share_connections()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 2));
        await node.Send(new WriteMails([.. Enumerable.Range(0, 40).Select(n => ($"shared-{n}", $"client@firm-{n}.example"))], CaseId.New()));
        Assert.Equal(40, await node.Send(new DispatchMail()));
        Assert.Equal(40, peer.Kept.Select(m => m.MessageId).Distinct().Count());
        Assert.InRange(peer.Connections, 1, 2);
    }

    [Fact]
    public async Task A_kept_connection_that_the_server_let_go_is_made_again_and_is_no_try()
    {
        await using var peer = new SmtpPeer();
        // The second mail of each connection meets a server that has hung up.
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 1, Timeout: TimeSpan.FromSeconds(10)));
        peer.LetsGoAfter = 1;
        await node.Send(new WriteMails([("kept-1", "a@one.example"), ("kept-2", "a@two.example"), ("kept-3", "a@three.example")], CaseId.New()));
        Assert.Equal(3, await node.Send(new DispatchMail()));
        Assert.Equal(3L, await app.SqlAsync("select count(*) from outgoing_mail where state = 'sent' and attempts = 1 and not possibly_twice"));
        Assert.Equal(3, peer.Kept.Count);
    }

    [Theory]
    [InlineData("greeting", false)]
    [InlineData("EHLO", false)]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData(".", true)]
    public async Task A_server_that_falls_silent_costs_our_patience_and_no_more(string at, bool possiblyTwice)
    {
        await using var peer = new SmtpPeer();
        peer.Then(new(SilentAt: at));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Timeout: Patience));
        await node.WriteAsync("silent");
        var begun = Stopwatch.GetTimestamp();
        await node.Send(new DispatchMail());
        Assert.InRange(Stopwatch.GetElapsedTime(begun), Patience / 2, Patience * 20);
        var mail = await node.MailAsync("silent");
        Assert.Equal((MailState.Deferred, "smtp.timeout", possiblyTwice, 1), (mail.State, mail.ErrorCode, mail.PossiblyTwice, mail.Attempts));
    }

    [Theory]
    [InlineData("greeting", false)]
    [InlineData("MAIL", false)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData(".", true)]
    public async Task A_server_that_closes_its_side_only_is_a_break(string at, bool possiblyTwice)
    {
        await using var peer = new SmtpPeer();
        peer.Then(new(HalfClosesAt: at));
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("half");
        await node.Send(new DispatchMail());
        var mail = await node.MailAsync("half");
        Assert.Equal((MailState.Deferred, possiblyTwice), (mail.State, mail.PossiblyTwice));
        Assert.StartsWith("smtp.", mail.ErrorCode, StringComparison.Ordinal);

        await app.SqlAsync("update outgoing_mail set next_attempt_at = app_now()");
        await node.RestedAsync();
        await node.Send(new DispatchMail());
        Assert.Equal((MailState.Sent, mail.MessageId), ((await node.MailAsync("half")).State, peer.Kept.Single().MessageId));
    }

    [Fact]
    public async Task A_server_that_answers_letter_by_letter_is_not_waited_for()
    {
        await using var peer = new SmtpPeer();
        peer.Then(new(Drip: TimeSpan.FromMilliseconds(300)));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Timeout: Patience));
        await node.WriteAsync("drip");
        await node.Send(new DispatchMail());
        Assert.Equal("smtp.timeout", (await node.MailAsync("drip")).ErrorCode);
    }

    [Fact]
    public async Task A_connection_that_never_comes_about_is_broken_off()
    {
        // Nobody accepts, and the queue of the kernel is full: what knocks now is not answered at all.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(1);
        var port = ((IPEndPoint)deaf.LocalEndPoint!).Port;
        var waiting = Enumerable.Range(0, 8).Select(_ => new TcpClient()).ToList();
        waiting.ForEach(client => client.ConnectAsync(IPAddress.Loopback, port));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: port, Timeout: Patience));
        await node.WriteAsync("deaf");
        var begun = Stopwatch.GetTimestamp();
        await node.Send(new DispatchMail());
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal((MailState.Deferred, "smtp.timeout", false), await node.MailAsync("deaf") is { } mail ? (mail.State, mail.ErrorCode, mail.PossiblyTwice) : default);
        waiting.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task While_one_mail_is_in_a_tarpit_what_is_written_meanwhile_goes_out()
    {
        await using var peer = new SmtpPeer();
        peer.Then(new(SilentAt: "RCPT"));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Timeout: TimeSpan.FromSeconds(60)));
        await node.WriteAsync("stuck", "a@tarpit.example");
        var round = node.Send(new DispatchMail());
        await UntilAsync(() => Task.FromResult(peer.Commands.Any(c => c.StartsWith("RCPT", StringComparison.Ordinal))));
        await node.WriteAsync("meanwhile", "b@firm.example");
        await UntilAsync(async () => (await node.MailAsync("meanwhile")).State == MailState.Sent);
        Assert.False(round.IsCompleted);
        Assert.Equal(MailState.Attempting, (await node.MailAsync("stuck")).State);
        await peer.DisposeAsync();
        await round;
    }

    [Fact]
    public async Task One_mail_in_a_tarpit_idles_no_round_after_its_own_and_is_sent_once()
    {
        await using var peer = new SmtpPeer();
        peer.Then(new(SilentAt: "RCPT"));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 2, Timeout: TimeSpan.FromSeconds(60), Round: TimeSpan.FromSeconds(1)));
        var senders = node.Services.GetRequiredService<MailSenders>();
        senders.AreSeenToTheEnd = true;
        await node.WriteAsync("stuck", "a@tarpit.example");
        await node.Send(new DispatchMail());
        Assert.Equal(MailState.Attempting, (await node.MailAsync("stuck")).State);

        // The domain has its sender; the other one is free, in every round from now on.
        await node.WriteAsync("same-domain", "b@tarpit.example");
        await node.WriteAsync("next", "c@firm.example");
        Assert.Equal(1, await node.Send(new DispatchMail()));
        Assert.Equal((MailState.Sent, MailState.Waiting), ((await node.MailAsync("next")).State, (await node.MailAsync("same-domain")).State));
        Assert.Equal(MailState.Attempting, (await node.MailAsync("stuck")).State);
        Assert.Equal(1, peer.Commands.Count(said => said.StartsWith("RCPT", StringComparison.Ordinal) && said.Contains("a@tarpit.example", StringComparison.Ordinal)));

        await peer.DisposeAsync();
        await senders.EndAsync(CancellationToken.None);
        var mail = await node.MailAsync("stuck");
        Assert.Equal((MailState.Deferred, 1, false), (mail.State, mail.Attempts, mail.PossiblyTwice));
    }

    [Theory]
    [InlineData("530 5.7.0 must issue STARTTLS first")]
    [InlineData("535 5.7.8 bad credentials")]
    public async Task A_server_that_wants_what_we_did_not_bring_holds_everything_and_costs_no_mail_its_patience(string reply)
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.Send(new WriteMails([.. Enumerable.Range(0, 30).Select(n => ($"held-{n}", $"a@firm-{n}.example"))], CaseId.New()));
        for (var n = 0; n < 20; n++)
        {
            peer.Then(new(Sender: reply));
        }

        await node.Send(new DispatchMail());
        // Whoever was on its way when the first answer came, and nobody after it.
        Assert.InRange(peer.Connections, 1, 8);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where attempts > 0 or state not in ('waiting', 'deferred') or lease_until is not null and lease_until < clock_timestamp()"));
        var way = await app.Send(new GetMailWay(), await app.OfAsync(Role.Administrator));
        Assert.Equal($"smtp.{reply[..3]}", way.Fault);
        Assert.NotNull(way.RestsFor);
        Assert.Equal(0, await node.Send(new DispatchMail()));

        // One goes first after the rest; it tells that the fault is mended, and the others follow.
        await using var mended = new SmtpPeer();
        await using var later = await MailNode.StartAsync(app, mended);
        await later.RestedAsync();
        await app.SqlAsync("update outgoing_mail set lease_until = null");
        await later.Send(new DispatchMail());
        Assert.Equal(30, mended.Kept.Count);
        Assert.Equal(30L, await app.SqlAsync("select count(*) from outgoing_mail where state = 'sent' and attempts = 1"));
        Assert.Null((await app.Send(new GetMailWay(), await app.OfAsync(Role.Administrator))).Fault);
    }

    [Fact]
    public async Task After_a_rest_one_mail_tries_whether_the_server_is_mended()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 1));
        await node.Send(new WriteMails([.. Enumerable.Range(0, 10).Select(n => ($"probe-{n}", $"a@firm-{n}.example"))], CaseId.New()));
        for (var n = 0; n < 10; n++)
        {
            peer.Then(new(Greeting: "554 go away"));
        }

        await node.Send(new DispatchMail());
        Assert.Equal(1, peer.Connections);
        await node.RestedAsync();
        await node.Send(new DispatchMail());
        Assert.Equal(2, peer.Connections);
        // Said to anybody who comes: no mail is bounced for it, and only who tried has used a try.
        Assert.Equal((0L, 2L), ((long)(await app.SqlAsync("select count(*) from outgoing_mail where state = 'bounced'"))!, (long)(await app.SqlAsync("select sum(attempts) from outgoing_mail"))!));
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_gets_no_mail_when_encryption_is_required()
    {
        using var key = RSA.Create(2048);
        using var self = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        await using var peer = new SmtpPeer(offersAuth: true, certificate: self);
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, RequireTls: true, User: "desk", Password: "secret"));
        await node.WriteAsync("self-signed");
        await node.Send(new DispatchMail());
        var mail = await node.MailAsync("self-signed");
        Assert.Equal((MailState.Deferred, "smtp.tls_failed", 0), (mail.State, mail.ErrorCode, mail.Attempts));
        Assert.All(peer.Commands, said => Assert.Matches("^(EHLO|STARTTLS|QUIT)", said));
    }

    [Fact]
    public async Task A_password_the_server_refuses_holds_the_mail()
    {
        await using var peer = new SmtpPeer(offersAuth: true);
        peer.Then(new(Auth: "535 5.7.8 no", Sender: "530 5.7.0 sign in first"));
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, User: "desk", Password: "secret"));
        await node.WriteAsync("password");
        await node.Send(new DispatchMail());
        var mail = await node.MailAsync("password");
        Assert.Equal((MailState.Deferred, 0), (mail.State, mail.Attempts));
        Assert.Matches("^smtp.53[0-9]$", mail.ErrorCode);
        Assert.Empty(peer.Seen);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
