using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Consultation.Work;

namespace Consultation.Tests.Routing.Board;

public sealed class OfferWaitingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J13_whoever_frees_up_is_offered_the_oldest_waiting_case_and_nobody_without_the_setting()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync(Affiliation.Mic, capacity: 1);
        var held = await app.OfferedAsync(desk, expert);
        await app.Send(new AcceptOffer(held.Id, "電話で受諾"), desk);
        var cases = await app.WaitAsync(desk, "東京都", 4, Track.Mic);
        Assert.Equal(0, await app.Send(new OfferWaiting()));
        var plan = await app.PreviewAsync(desk);
        Assert.Equal((0, 4), (plan.Optimal.Assigned, plan.Optimal.Unassigned));
        Assert.Equal("assignment.empty", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk))).Code);

        await app.Send(new CloseCase(held.Case, CaseOutcome.Withdrawn), desk);
        Assert.Equal(cases[0], (await app.PreviewAsync(desk)).Needs.Single(n => n.Optimal is not null).Case);
        Assert.Equal(0, await app.Send(new OfferWaiting()));

        await app.SqlAsync("update programme_years set offers_when_free = true where fiscal_year = 2026");
        var ran = await app.Send(new RunJob("offer-waiting"));
        Assert.Equal((1, (string?)null), (ran.Done, ran.ErrorCode));
        Assert.Equal([CaseStatus.Offered, CaseStatus.Waiting, CaseStatus.Waiting, CaseStatus.Waiting], await StatusesAsync(cases));

        // Who declined is not asked for the same case again: the next oldest follows.
        var asked = (await app.CaseAsync(cases[0])).Tracks.Single().OfferId!.Value;
        await app.Send(new DeclineOffer(asked, "専門外"), await app.ExpertAsync(expert));
        Assert.Equal(1, (await app.Send(new RunJob("offer-waiting"))).Done);
        Assert.Equal([CaseStatus.Waiting, CaseStatus.Offered, CaseStatus.Waiting, CaseStatus.Waiting], await StatusesAsync(cases));
        Assert.Equal(0, (await app.Send(new RunJob("offer-waiting"))).Done);
        await app.NothingBrokenAsync();
    }

    [Fact]
    public void The_job_asks_nobody_outside_business_hours()
    {
        var job = Schedule.Find("offer-waiting");
        Assert.False(job.When.IsDue(new(2026, 11, 23, 10, 0, 0, TimeSpan.FromHours(9)), null, OfficeHours.Shipped));
        Assert.False(job.When.IsDue(new(2026, 11, 24, 17, 0, 0, TimeSpan.FromHours(9)), null, OfficeHours.Shipped));
        Assert.True(job.When.IsDue(new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(9)), null, OfficeHours.Shipped));
    }

    private async Task<IEnumerable<CaseStatus>> StatusesAsync(IEnumerable<CaseId> cases)
    {
        var statuses = new List<CaseStatus>();
        foreach (var id in cases)
        {
            statuses.Add((await app.CaseAsync(id)).Status);
        }

        return statuses;
    }
}
