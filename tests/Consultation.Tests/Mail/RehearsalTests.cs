using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Mail;

/// <summary>P08, before acting: what a command would send, and nothing of it done.</summary>
public sealed class RehearsalTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await app.MoveClockAsync(TestApp.Start);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task P08_a_booking_tells_beforehand_exactly_the_letters_it_then_sends_and_leaves_no_trace_but_that_somebody_looked()
    {
        var expert = await app.ExpertNamedAsync("下稽古 一郎");
        var id = await app.HeldCaseAsync("株式会社下稽古", (Track.Mic, expert));
        var desk = await app.DeskAsync("tohoku");
        var book = Visit(id, At(11, 26, 10));
        var before = await TraceAsync();
        await using var node = await MailNode.StartAsync(app.ConnectionString, new());
        var seen = await node.Services.GetRequiredService<Dispatcher>().Rehearse(book, desk);
        Assert.False(node.Services.GetRequiredService<MailWake>().HeardAsync(default).IsCompleted);
        Assert.Equal(before, await TraceAsync());
        Assert.Equal(CaseStatus.Assigned, await app.StatusAsync(id));
        Assert.Equal($"{desk.Name} BookVisit", await app.SqlAsync($"select string_agg(actor || ' ' || details, ',') from audit_entry where action = 'case.letters_rehearsed' and subject = 'Case' and subject_id = '{id}'"));

        Assert.Equal(["相談者", "下稽古 一郎"], seen.Letters.Select(l => l.Expert ?? "相談者"));
        Assert.All(seen.Letters, l => Assert.Equal(("visit-confirmed", true), (l.Template, l.HasCalendar)));
        Assert.Empty(seen.Calls);

        await app.Send(book, desk);
        var sent = (await app.Send(new ListCaseMail(id), desk)).Letters.Where(l => l.Template == "visit-confirmed").ToList();
        Assert.Equal(seen.Letters.Select(l => (l.Expert, l.Recipient, l.Subject)).Order(), sent.Select(l => (l.Expert, l.Recipient, l.Subject!)).Order());
        Assert.Equal(seen.Letters.Single(l => l.Expert is null).Body, (await app.Send(new GetCaseMail(id, sent.Single(l => l.Expert is null).Id), desk)).Body);
    }

    [Fact]
    public async Task Closing_with_open_work_tells_what_is_sent_what_is_called_and_what_does_not_go_out_any_more()
    {
        var (holder, asked) = (await app.ExpertNamedAsync("閉じ 一郎"), await app.ExpertNamedAsync("閉じ 二郎", Affiliation.Mhlw));
        var logged = await app.Send(new LogInquiry(Channel.Phone, "勤怠とVPNの相談", Desk: "tohoku", Organisation: new("株式会社閉じる", Prefecture: "宮城県"), Contact: new("山田", Phone: "022-221-0000")));
        await app.Send(new RouteCase(logged.Id, [Track.Mic, Track.Mhlw], StartMode.Together, Reason: "試験"));
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(logged.Id, Track.Mic, holder, Reason: "試験"))).Id, "電話"));
        await app.Send(new OfferCase(logged.Id, Track.Mhlw, asked, Reason: "試験"));
        await app.Send(Visit(logged.Id, At(11, 27, 10), tracks: [Track.Mic]));

        var desk = await app.DeskAsync("tohoku");
        var before = await app.StatusAsync(logged.Id);
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Dispatcher.Rehearse(new CloseCase(logged.Id, CaseOutcome.Withdrawn, null, false, "辞退"), desk));
        Assert.True(refused.Extra.ContainsKey("objections"));
        var seen = await app.Dispatcher.Rehearse(new CloseCase(logged.Id, CaseOutcome.Withdrawn, null, true, "辞退"), desk);
        Assert.Contains(seen.Letters, l => (l.Template, l.Expert) == ("visit-cancelled", "閉じ 一郎"));
        Assert.Contains(seen.Calls, c => c.Title.Contains("中止", StringComparison.Ordinal) && c.Phone == "022-221-0000");
        Assert.Contains(seen.Recalled, l => (l.Template, l.Expert) == ("offer-made", "閉じ 二郎"));
        Assert.Equal(before, await app.StatusAsync(logged.Id));

        // Whoever may have read the question is told that it is no more.
        await app.SqlAsync($"update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where reference = '{logged.Id}' and template = 'offer-made' and person = '{asked}'");
        seen = await app.Dispatcher.Rehearse(new CloseCase(logged.Id, CaseOutcome.Withdrawn, null, true, "辞退"), desk);
        Assert.Contains(seen.Letters, l => (l.Template, l.Expert) == ("offer-withdrawn", "閉じ 二郎"));
        Assert.Empty(seen.Recalled);
    }

    [Fact]
    public async Task A_letter_that_would_not_go_out_any_more_is_named_and_still_goes()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), services => services.AddTransient<IRequestHandler<RecallMail, bool>, RecallMailHandler>());
        await node.WriteAsync("recalled");
        var seen = await node.Services.GetRequiredService<Dispatcher>().Rehearse(new RecallMail("recalled"), Actor.System("test"));
        Assert.Equal("offer-made", Assert.Single(seen.Recalled).Template);
        Assert.Empty(seen.Letters);
        Assert.Equal(MailState.Waiting, (await node.MailAsync("recalled")).State);
    }

    [Fact]
    public async Task What_the_command_refuses_its_rehearsal_refuses_in_the_same_words()
    {
        var expert = await app.ExpertNamedAsync("下稽古 重複");
        var first = await app.HeldCaseAsync("株式会社先客", (Track.Mic, expert));
        var second = await app.HeldCaseAsync("株式会社後客", (Track.Mic, expert));
        await app.Send(Visit(first, At(12, 2, 10)));
        var refused = await Assert.ThrowsAsync<RuleViolation>(async () => await app.Dispatcher.Rehearse(Visit(second, At(12, 2, 10)), await app.DeskAsync("tohoku")));
        Assert.Equal("visit.taken", refused.Code);
        Assert.True(refused.Extra.ContainsKey("nextSlots"));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Dispatcher.Rehearse(Visit(second, At(12, 3, 10)), await app.DeskAsync("kinki")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Dispatcher.Rehearse(Visit(second, At(12, 3, 10)), await app.OfAsync(Role.Administrator)));
        await Assert.ThrowsAsync<InvalidInput>(async () => await app.Dispatcher.Rehearse(Visit(second, At(12, 3, 10), minutes: -5), await app.DeskAsync("tohoku")));
    }

    [Fact]
    public async Task An_expert_without_the_clients_consent_sees_neither_address_nor_text_of_the_clients_letter()
    {
        var expert = await app.ExpertNamedAsync("下稽古 同意");
        var id = await app.HeldCaseAsync("株式会社同意前", (Track.Mic, expert));
        var client = (await app.Dispatcher.Rehearse(Visit(id, At(12, 4, 10)), await app.ExpertAsync(expert))).Letters.Single(l => l.Expert is null);
        Assert.Contains("***@", client.Recipient, StringComparison.Ordinal);
        Assert.DoesNotContain("山田", client.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_looks_gives_way_where_somebody_acts()
    {
        var expert = await app.ExpertNamedAsync("下稽古 待ち");
        var id = await app.HeldCaseAsync("株式会社取込中", (Track.Mic, expert));
        await using var source = NpgsqlDataSource.Create(app.OwnerConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"select 1 from cases where id = '{id}' for update", connection, transaction))
        {
            await command.ExecuteScalarAsync();
        }

        var refused = await Assert.ThrowsAsync<Conflict>(async () => await app.Dispatcher.Rehearse(Visit(id, At(12, 4, 14)), await app.DeskAsync("tohoku")));
        Assert.Equal("rehearsal.busy", refused.Code);
    }

    [Fact]
    public async Task What_is_not_one_transaction_cannot_be_rehearsed() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Dispatcher.Rehearse(new DispatchMail(), Actor.System("test")));

    /// <summary>Everything that a command leaves behind.</summary>
    private async Task<string> TraceAsync() => (string)(await app.SqlAsync("""
        select concat_ws(' ', (select count(*) from outgoing_mail), (select count(*) from audit_entry where action <> 'case.letters_rehearsed'), (select count(*) from visits), (select count(*) from expert_diary), (select count(*) from call_backs),
          (select count(*) from case_history), (select count(*) from quota_ledger), (select sum(version) from cases), (select count(*) from visit_links))
        """))!;
}

/// <summary>A business act that takes a letter of another back.</summary>
[Requires(Permission.Operate)]
public sealed record RecallMail(string Key) : ICommand<bool>;

internal sealed class RecallMailHandler(Outbox outbox) : IRequestHandler<RecallMail, bool>
{
    public async Task<bool> Handle(RecallMail request, CancellationToken cancellationToken) =>
        await outbox.RecallAsync("offer-made", request.Key, "試験", cancellationToken) is null;
}
