using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Mail;

public sealed class OutboxTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task The_same_event_recipient_and_template_is_one_mail_with_one_message_id()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await node.Send(new WriteMails([("same", "a@firm.example"), ("same", "a@firm.example"), ("same", "b@firm.example")], CaseId.New()));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.WriteAsync("same", "a@firm.example")));

        Assert.Equal(2L, await app.SqlAsync("select count(*) from outgoing_mail where event_key = 'same'"));
        Assert.Equal(2L, await app.SqlAsync("select count(distinct message_id) from outgoing_mail where event_key = 'same' and message_id like '<%@telework.example>'"));
    }

    [Fact]
    public async Task A_refused_act_leaves_no_mail_and_rings_no_bell()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        await Assert.ThrowsAsync<RuleViolation>(() => node.Send(new WriteMails([("refused", "a@firm.example")], CaseId.New(), Fails: true)));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where event_key = 'refused'"));
        Assert.False(node.Services.GetRequiredService<MailWake>().HeardAsync(default).IsCompleted);
    }

    [Fact]
    public async Task A_commit_that_wrote_mail_rings_the_bell_once()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        var wake = node.Services.GetRequiredService<MailWake>();
        await node.Send(new WriteMails([("ring1", "a@firm.example"), ("ring2", "a@firm.example")], CaseId.New()));
        Assert.True(wake.HeardAsync(default).IsCompletedSuccessfully);
        Assert.False(wake.HeardAsync(default).IsCompleted);
    }

    [Theory]
    [InlineData("a@firm.example\r\nRCPT TO:<x@y.example>")]
    [InlineData("a@firm.example\nBcc: x@y.example")]
    [InlineData("a@firm.example,b@firm.example")]
    [InlineData("宛先@会社.example")]
    public async Task A_malformed_address_is_refused(string address)
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => node.WriteAsync("forged", address));
        Assert.Equal("mail.bad_address", refused.Errors.Single().Code);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where event_key = 'forged'"));
    }

    [Fact]
    public async Task A_client_without_address_is_called_with_the_same_text_once_from_the_next_opening_on()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        var desk = await app.DeskAsync("tohoku");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("山田", Phone: "022-221-0000")), desk);
        await node.Send(new WriteLetter(logged.Id, "letter-1"));
        await node.Send(new WriteLetter(logged.Id, "letter-1"));

        var call = Assert.Single(await node.CallsAsync(logged.Id));
        Assert.Contains($"【テレワーク相談】{logged.Number} の担当のお願い", call.Reason);
        Assert.Contains("髙橋 葛 様", call.Reason);
        Assert.InRange(call.CallFrom, TestApp.Start, TestApp.Start.AddHours(1));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 17, 0, 0, TimeSpan.FromHours(9)), call.DueAt);
        Assert.Equal("022-221-0000", (await app.Send(new ListCallBacks(), desk)).Items.Single(c => c.Case == logged.Id).Phone);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where event_key = 'letter-1'"));
    }

    [Fact]
    public async Task A_client_with_an_address_is_mailed()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("山田", Email: "yamada@firm.example")), await app.DeskAsync("tohoku"));
        await node.Send(new WriteLetter(logged.Id, "letter-2"));
        var mail = await node.MailAsync("letter-2");
        Assert.Equal(("yamada@firm.example", Ref.To(logged.Id), MailState.Waiting), (mail.Recipient, mail.Reference, mail.State));
        Assert.Empty(await node.CallsAsync(logged.Id));
    }
}
