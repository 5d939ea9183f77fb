using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Tests.Routing.Board;

public sealed class UndoTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task What_nobody_answered_waits_again_as_before_and_what_was_answered_stays()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync(Affiliation.Mic, capacity: 40);
        var cases = await app.WaitAsync(desk, "東京都", 5, Track.Mic);
        var before = await app.CaseAsync(cases[4]);
        var plan = await app.PreviewAsync(desk);
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk);
        var offers = (await app.OffersAsync(plan)).ToDictionary(o => o.CaseId);
        await app.Send(new AcceptOffer(offers[cases[0]].Id, "電話で受諾"), desk);
        await app.Send(new DeclineOffer(offers[cases[1]].Id, "繁忙", "電話"), desk);
        await app.SqlAsync($"update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where event_key = 'offer/{offers[cases[2]].Id}'");
        // An afternoon later a clock begun anew would be due a day later.
        await app.MoveClockAsync(TestApp.Start.AddHours(25));

        var undone = await app.Send(new UndoAssignment(plan.Id), desk);
        Assert.Equal((BoardPlanState.Undone, 3, 2, false), (undone.State, undone.Withdrawn, undone.Kept, undone.Repeated));
        Assert.True((await app.Send(new UndoAssignment(plan.Id), desk)).Repeated);
        var states = (await app.OffersAsync(plan)).ToDictionary(o => o.CaseId, o => o.State);
        Assert.Equal([OfferState.Accepted, OfferState.Declined, OfferState.Withdrawn, OfferState.Withdrawn, OfferState.Withdrawn], cases.Select(c => states[c]));

        var after = await app.CaseAsync(cases[4]);
        Assert.Equal((CaseStatus.Waiting, before.ReceivedAt, before.QueueAt), (after.Status, after.ReceivedAt, after.QueueAt));
        var (was, now) = (before.Deadlines.Single(d => d.Kind == DeadlineKind.Assignment), after.Deadlines.Single(d => d is { Kind: DeadlineKind.Assignment, IsRunning: true }));
        Assert.Equal((was.StartedAt, was.DueAt, was.Why), (now.StartedAt, now.DueAt, now.Why));

        var mails = await app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().Where(m => m.EventKey.StartsWith("offer/")).ToListAsync());
        Assert.Equal(MailState.Discarded, mails.Single(m => m.EventKey == $"offer/{offers[cases[4]].Id}").State);
        var told = Assert.Single(mails, m => m.Template == "offer-withdrawn");
        Assert.Equal($"offer/{offers[cases[2]].Id}", told.EventKey);
        await app.NothingBrokenAsync();

        Assert.Equal("assignment.undone", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk))).Code);
        var anew = await app.PreviewAsync(desk);
        Assert.Equal(cases.Skip(1), anew.Needs.Select(n => n.Case));
        Assert.Null(anew.Needs.Single(n => n.Case == cases[1]).Optimal);
        Assert.Equal("declined", anew.Needs.Single(n => n.Case == cases[1]).Candidates.Single(c => c.ExpertId == expert).Excluded.Single().Code);
    }

    [Fact]
    public async Task An_expert_without_an_address_is_called_no_more()
    {
        var desk = await app.DeskAsync("okinawa");
        await app.HireAsync(Affiliation.Mic, "沖縄県", 4, email: null);
        var id = (await app.WaitAsync(desk, "沖縄県", 1, Track.Mic)).Single();
        var plan = await app.PreviewAsync(desk);
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open'"));
        await app.Send(new UndoAssignment(plan.Id), desk);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open'"));
        await app.NothingBrokenAsync();
    }
}
