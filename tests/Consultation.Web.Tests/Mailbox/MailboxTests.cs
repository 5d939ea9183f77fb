using System.Globalization;
using System.Net.Mail;
using System.Net.Sockets;
using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Web.Tests.Mailbox;

/// <summary>From the sender's SMTP to the page that shows the mail.</summary>
public sealed class MailboxTests(MailboxTests.Server server) : IClassFixture<MailboxTests.Server>
{
    [Fact]
    public async Task A_sent_mail_can_be_read_on_its_page()
    {
        await SendAsync("訪問のご案内", "明日 14:00 に伺います。\r\n.\r\n..点で始まる行\r\nよろしく <b>", "<a@example.jp>");
        var id = await server.ExecuteAsync("select id from demo_mailbox where subject = '訪問のご案内'");
        using var browser = await SignedIn.AsAsync(server.App, Role.Centre);

        var list = await browser.GetStringAsync("/mailbox");
        var mail = (await new HtmlParser().ParseDocumentAsync(await browser.GetStringAsync($"/mailbox/{id}"))).QuerySelector("main")!.TextContent;

        Assert.Contains("訪問のご案内", list);
        Assert.Contains("taro@example.jp", list);
        Assert.Contains("明日 14:00 に伺います。\n.\n..点で始まる行\nよろしく <b>", mail);
        Assert.Contains("<a@example.jp>", mail);
    }

    [Fact]
    public async Task A_second_copy_of_one_mail_is_shown_as_such()
    {
        await SendAsync("一通目", "本文", "<twice@example.jp>");
        await SendAsync("一通目", "本文", "<twice@example.jp>");
        using var browser = await SignedIn.AsAsync(server.App, Role.Centre);

        Assert.Contains("同じメールの2通目", await browser.GetStringAsync("/mailbox"));
    }

    [Fact]
    public async Task Outside_the_demo_there_is_no_mailbox()
    {
        using var browser = await SignedIn.AsAsync(server.App, Role.Centre);
        await SendAsync("件名", "本文", "<b@example.jp>");
        var id = await server.ExecuteAsync("select id from demo_mailbox where subject = '件名'");
        await server.ExecuteAsync("update installation set demo = false");
        var (list, mail) = (await browser.GetAsync("/mailbox"), await browser.GetAsync($"/mailbox/{id}"));
        await server.ExecuteAsync("update installation set demo = true");

        Assert.Equal(HttpStatusCode.NotFound, list.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, mail.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/mailbox/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_role_without_the_permission_is_refused_and_a_stranger_is_sent_to_sign_in()
    {
        using var auditor = await SignedIn.AsAsync(server.App, Role.Auditor);
        using var stranger = SignedIn.Nobody(server.App);
        using var administrator = await SignedIn.AsAsync(server.App, Role.Administrator);
        using var regional = await SignedIn.AsAsync(server.App, Role.Supervisor, "tohoku");
        using var nationwide = await SignedIn.AsAsync(server.App, Role.Supervisor);

        Assert.Equal(HttpStatusCode.Forbidden, (await administrator.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await regional.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await nationwide.GetAsync("/mailbox")).StatusCode);
        Assert.DoesNotContain("/mailbox", await regional.GetStringAsync("/desk"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync("/mailbox")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/mailbox")).StatusCode);
    }

    [Fact]
    public async Task A_mailbox_that_cannot_keep_a_mail_says_try_again()
    {
        // The row in the place of the next one.
        await server.ExecuteAsync("""
            insert into demo_mailbox (id, received_at, sender, recipients, subject, body, raw) overriding system value
            select nextval(pg_get_serial_sequence('demo_mailbox', 'id')) + 1, now(), '', '', '', '', '' returning id
            """);

        var refused = await Assert.ThrowsAsync<SmtpException>(() => SendAsync("満杯", "本文", "<c@example.jp>"));

        Assert.Equal(SmtpStatusCode.LocalErrorInProcessing, refused.StatusCode);
    }

    [Theory]
    [InlineData("DATA", "503")]
    [InlineData("RCPT TO:<a@b.c>", "503")]
    [InlineData("VRFY root", "502")]
    [InlineData("NOOP", "250")]
    [InlineData("QUIT", "221")]
    public async Task A_command_out_of_place_is_answered(string command, string code)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        using var reader = new StreamReader(client.GetStream());
        await reader.ReadLineAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));

        Assert.StartsWith(code, await reader.ReadLineAsync());
    }

    private int Port => int.Parse(server.App.Configuration["Mail:Port"]!, CultureInfo.InvariantCulture);

    private async Task SendAsync(string subject, string body, string messageId)
    {
        using var mail = new MailMessage("tohoku@example.jp", "taro@example.jp", subject, body);
        mail.Headers.Add("Message-ID", messageId);
        using var client = new SmtpClient(server.App.Configuration["Mail:Host"], Port);
        await client.SendMailAsync(mail);
    }

    /// <summary>One server for all: it sends, takes in and shows.</summary>
    public sealed class Server(TestCluster cluster) : IAsyncLifetime
    {
        private NpgsqlDataSource source = null!;

        public WebApplication App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var database = await cluster.NewDatabaseAsync();
            source = NpgsqlDataSource.Create(cluster.AsOwner(database));
            await ExecuteAsync("update installation set demo = true");
            App = ConsultationHost.Build(new(database, DemoMailbox: true));
            await App.StartAsync();
            await App.Services.GetRequiredService<Dispatcher>().Send(new Demo.SeedEssentials(), Actor.System("test"));
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await source.DisposeAsync();
        }

        /// <summary>As the owner; gives the first value, if there is one.</summary>
        public async Task<object?> ExecuteAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync();
        }
    }
}
