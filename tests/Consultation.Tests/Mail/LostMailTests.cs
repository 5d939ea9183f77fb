using Consultation.Cases;
using Consultation.Check;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Work;

namespace Consultation.Tests.Mail;

/// <summary>What follows from a letter that will never arrive, and what becomes of one from which nothing can follow.</summary>
public sealed class LostMailTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await MailNode.ForgetMailAsync(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_refused_address_becomes_a_call_with_the_same_text_and_the_next_letter_is_a_call_at_once()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("山田", Phone: "022-221-0000", Email: "gone@firm.example")), await app.DeskAsync("tohoku"));
        peer.Then(new(Recipient: "550 5.1.1 unknown user gone@firm.example"));
        await node.Send(new WriteLetter(logged.Id, "bounce-1"));
        await LoseAsync(node);

        var mail = await node.MailAsync("bounce-1");
        Assert.Equal((MailState.Bounced, "smtp.550"), (mail.State, mail.ErrorCode));
        var call = Assert.Single(await node.CallsAsync(logged.Id));
        Assert.Contains(mail.Body, call.Reason);
        Assert.Equal("022-221-0000", call.Phone);

        await node.Send(new WriteLetter(logged.Id, "bounce-2"));
        Assert.Equal(2, (await node.CallsAsync(logged.Id)).Count);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from outgoing_mail where event_key = 'bounce-2'"));
    }

    [Fact]
    public async Task Two_lost_letters_of_one_event_are_two_calls()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("鈴木", Email: "suzuki@firm.example")), await app.DeskAsync("tohoku"));
        foreach (var recipient in new[] { "suzuki@firm.example", "expert@other.example" })
        {
            peer.Then(new(Recipient: "550 5.1.1 unknown user"));
            await node.WriteAsync("joint", recipient, logged.Id);
            await LoseAsync(node);
        }

        Assert.Equal(2, (await node.CallsAsync(logged.Id)).Count);
    }

    [Fact]
    public async Task A_refused_text_becomes_a_call_and_leaves_the_address_alone()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("佐藤", Email: "sato@firm.example")), await app.DeskAsync("tohoku"));
        peer.Then(new(End: "554 looks like spam"));
        await node.Send(new WriteLetter(logged.Id, "spam-1"));
        await LoseAsync(node);
        Assert.Equal((MailState.Bounced, "smtp.554"), await StateAsync(node, "spam-1"));
        Assert.Single(await node.CallsAsync(logged.Id));

        await node.Send(new WriteLetter(logged.Id, "spam-2"));
        await node.Send(new DispatchMail());
        Assert.Equal(MailState.Sent, (await node.MailAsync("spam-2")).State);
    }

    [Fact]
    public async Task After_72_hours_of_tries_a_mail_is_dead_and_a_call_is_owed()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("鈴木", Email: "slow@firm.example")), await app.DeskAsync("tohoku"));
        await node.Send(new WriteLetter(logged.Id, "dead"));
        await node.SqlAsync("update outgoing_mail set attempts = 17 where event_key = 'dead'");
        peer.Then(new(Recipient: "451 greylisted for ever"));
        await LoseAsync(node);
        Assert.Equal((MailState.Dead, "smtp.451"), await StateAsync(node, "dead"));
        Assert.Single(await node.CallsAsync(logged.Id));
    }

    [Fact]
    public async Task A_lost_letter_of_which_no_call_can_be_made_is_sent_no_more_keeps_no_other_and_stands_before_desk_and_operator_until_it_can()
    {
        await using var peer = new SmtpPeer { Answers = _ => "550 5.1.1 unknown user" };
        await using var node = await MailNode.StartAsync(app, peer);
        var (desk, administrator) = (await app.DeskAsync("tohoku"), await app.OfAsync(Role.Administrator));
        var poison = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("毒", Email: "poison@firm.example")), desk);
        var good = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("良", Email: "good@other.example")), desk);
        await app.SqlAsync($"""
            create function planted_poison() returns trigger language plpgsql as $$ begin raise exception 'poison' using errcode = '23514'; end $$;
            create trigger planted_poison before insert on call_backs for each row when (new.case_id = '{poison.Id}') execute function planted_poison()
            """);
        await node.Send(new WriteLetter(poison.Id, "poison"));
        await node.Send(new WriteLetter(good.Id, "good"));
        Assert.Equal(2, await node.Send(new DispatchMail()));
        Assert.Equal(0, await node.Send(new DispatchMail()));
        Assert.Equal((MailState.Bounced, "smtp.550"), await StateAsync(node, "poison"));
        Assert.Equal(2, (await app.Send(new ListLostLetters(), desk)).Count);

        var id = (await node.MailAsync("poison")).Id;
        Assert.Equal("sql.23514", (await app.Send(new RunJob("tell-lost-mail"), administrator)).ErrorCode);
        Assert.Equal("sql.23514", (await app.Send(new RunJob("tell-lost-mail"), administrator)).ErrorCode);
        Assert.Single(await node.CallsAsync(good.Id));
        var line = (await app.Send(new ListWork(), administrator)).Single(job => job.Name == "tell-lost-mail");
        Assert.Equal(1, line.Backlog);
        Assert.Equal((id.ToString(), "sql.23514", 2), line.FailingRows.Select(row => (row.Row, row.Code, row.Tries)).Single());
        var told = Assert.Single(await app.Send(new ListLostLetters(), desk));
        Assert.Equal((poison.Id, poison.Number), (told.Case, told.Number));
        Assert.Empty(await app.Send(new ListLostLetters(), await app.DeskAsync("kinki")));
        Assert.Contains((await app.Send(new RunCheck())).Broken, broken => (broken.Code, broken.Subject) == ("mail.bounced_without_call", id.ToString()));

        await app.SqlAsync("drop trigger planted_poison on call_backs");
        Assert.Equal(new(true, 1, null), await app.Send(new RunJob("tell-lost-mail"), administrator));
        Assert.Single(await node.CallsAsync(poison.Id));
        Assert.Empty((await app.Send(new ListWork(), administrator)).Single(job => job.Name == "tell-lost-mail").FailingRows);
        Assert.Empty(await app.Send(new ListLostLetters(), desk));
        Assert.Equal(2, peer.Commands.Count(said => said.StartsWith("RCPT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Those_of_which_no_call_could_be_made_come_last_however_many_they_are()
    {
        await using var peer = new SmtpPeer { Answers = _ => "550 5.1.1 unknown user" };
        await using var node = await MailNode.StartAsync(app, peer);
        var (desk, about) = (await app.DeskAsync("tohoku"), new List<CaseId>());
        foreach (var name in new[] { "last-poison", "last-good" })
        {
            about.Add((await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new(name, Email: $"{name}@firm.example")), desk)).Id);
        }

        await app.SqlAsync($"""
            create function planted_last() returns trigger language plpgsql as $$ begin raise exception 'poison' using errcode = '23514'; end $$;
            create trigger planted_last before insert on call_backs for each row when (new.case_id = '{about[0]}') execute function planted_last()
            """);
        await node.Send(new WriteLetter(about[0], "last-poison"));
        await node.Send(new DispatchMail());
        await app.Send(new RunJob("tell-lost-mail"), await app.OfAsync(Role.Administrator));
        await node.Send(new WriteLetter(about[1], "last-good"));
        await node.Send(new DispatchMail());
        Assert.Equal(1, await node.Send(new TellLostMails(Most: 1)));
        Assert.Single(await node.CallsAsync(about[1]));
        Assert.Equal((await node.MailAsync("last-poison")).Id.ToString(), Assert.Single((await Assert.ThrowsAsync<PartlyDone>(() => node.Send(new TellLostMails(Most: 1)))).Rows));
        await app.SqlAsync("drop trigger planted_last on call_backs");
        await node.Send(new TellLostMails());
    }

    [Fact]
    public async Task A_lost_letter_that_a_person_takes_out_needs_no_call_any_more()
    {
        await using var peer = new SmtpPeer { Answers = _ => "550 5.1.1 unknown user" };
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("済", Email: "told@firm.example")), await app.DeskAsync("tohoku"));
        await node.Send(new WriteLetter(logged.Id, "taken-out"));
        await node.Send(new DispatchMail());
        await app.Send(new DiscardMails(new([(await node.MailAsync("taken-out")).Id]), "電話で伝えた"), await app.OfAsync(Role.Administrator));
        Assert.Equal(0, await node.Send(new TellLostMails()));
        Assert.Empty(await node.CallsAsync(logged.Id));
    }

    [Fact]
    public async Task A_letter_whose_bearer_falls_silent_ten_times_in_a_row_is_dead_and_a_call_is_owed()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("黙", Email: "silent@firm.example")), await app.DeskAsync("tohoku"));
        await node.Send(new WriteLetter(logged.Id, "silent"));
        await TakeAndFallSilentAsync(9);
        // Given back with a word: it is counted anew.
        await node.Send(new ReturnMail(await node.Send(new LeaseMail(20))));
        await TakeAndFallSilentAsync(10);
        Assert.Equal(MailState.Waiting, (await node.MailAsync("silent")).State);

        await LoseAsync(node);
        Assert.Equal((MailState.Dead, "mail.lost"), await StateAsync(node, "silent"));
        Assert.Single(await node.CallsAsync(logged.Id));
        Assert.Empty(peer.Kept);

        async Task TakeAndFallSilentAsync(int times)
        {
            for (var time = 0; time < times; time++)
            {
                Assert.Single(await node.Send(new LeaseMail(20)));
                await node.SqlAsync("update outgoing_mail set lease_until = clock_timestamp()");
            }
        }
    }

    [Fact]
    public async Task Who_only_lay_beside_a_letter_that_brings_its_bearer_down_is_sent_and_that_one_alone_is_dead()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        var about = (await app.Send(new LogInquiry(Channel.Phone, "相談", Contact: new("隣", Email: "beside@firm.example")), await app.DeskAsync("tohoku"))).Id;
        foreach (var n in Enumerable.Range(0, 6))
        {
            await node.WriteAsync($"beside-{n}", $"beside-{n}@firm-{n}.example", about);
        }

        var poison = (await node.MailAsync("beside-2")).Id;
        while (await node.Send(new LeaseMail(20)) is { Count: > 0 } taken)
        {
            if (taken.Any(mail => mail.Id == poison))
            {
                // It is begun with all others in the tray.
                await node.SqlAsync("update outgoing_mail set lease_until = clock_timestamp() where lease_until is not null");
                continue;
            }

            foreach (var mail in taken)
            {
                Assert.True(await node.Send(new MarkAttempting(mail.Id, mail.Fence)));
                Assert.True(await node.Send(new MarkMail(mail.Id, mail.Fence, new(DeliveryEnd.Accepted))));
            }
        }

        Assert.Equal((MailState.Dead, "mail.lost"), await StateAsync(node, "beside-2"));
        Assert.Equal(5L, await app.SqlAsync("select count(*) from outgoing_mail where event_key like 'beside-%' and state = 'sent'"));
    }

    private static async Task LoseAsync(MailNode node)
    {
        await node.Send(new DispatchMail());
        await node.Send(new TellLostMails());
    }

    private static async Task<(MailState, string?)> StateAsync(MailNode node, string key)
    {
        var mail = await node.MailAsync(key);
        return (mail.State, mail.ErrorCode);
    }
}
