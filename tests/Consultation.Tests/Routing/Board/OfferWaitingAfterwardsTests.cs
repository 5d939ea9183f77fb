using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Consultation.Work;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Tests.Routing.Board;

/// <summary>What follows once the job or a coordinator has asked: what was taken back rests, and old plans go.</summary>
public sealed class OfferWaitingAfterwardsTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task What_a_coordinator_took_back_is_not_asked_anew_by_the_job_until_the_next_business_day_is_over_and_old_plans_go()
    {
        var desk = await app.DeskAsync("kanto");
        await app.HireAsync(Affiliation.Mic, capacity: 10);
        await app.SqlAsync("update programme_years set offers_when_free = true where fiscal_year = 2026");
        var back = (await app.WaitAsync(desk, "東京都", 1, Track.Mic)).Single();
        var plan = await app.PreviewAsync(desk, back);
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk);
        await app.Send(new UndoAssignment(plan.Id), desk);
        var other = (await app.WaitAsync(desk, "東京都", 1, Track.Mic)).Single();
        Assert.Equal(1, (await app.Send(new RunJob(OfferWaiting.Job))).Done);
        Assert.Equal((CaseStatus.Waiting, CaseStatus.Offered), ((await app.CaseAsync(back)).Status, (await app.CaseAsync(other)).Status));

        // Tuesday's undo: Wednesday nothing, Thursday the job takes it up.
        await app.MoveClockAsync(TestApp.Start.AddDays(1));
        Assert.Equal(0, (await app.Send(new RunJob(OfferWaiting.Job))).Done);
        await app.MoveClockAsync(TestApp.Start.AddDays(2));
        Assert.Equal(1, (await app.Send(new RunJob(OfferWaiting.Job))).Done);
        Assert.Equal(CaseStatus.Offered, (await app.CaseAsync(back)).Status);

        var seen = await app.PreviewAsync(desk, other);
        await app.MoveClockAsync(TestApp.Start.AddDays(13));
        Assert.Equal(0, await app.Send(new PrunePlans()));
        await app.MoveClockAsync(TestApp.Start.AddDays(17));
        Assert.Equal(1, await app.Send(new PrunePlans()));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetAssignment(seen.Id), desk));

        // An offer that is open can still be taken back; answered, the job's plan has had its day. The coordinator's stays.
        var offers = await app.ReadAsync(db => db.Set<Offer>().AsNoTracking().Where(o => o.State == OfferState.Open).ToListAsync());
        Assert.Equal(2, offers.Count);
        await app.Send(new AcceptOffer(offers.Single(o => o.CaseId == other).Id, "電話で受諾"), desk);
        Assert.Equal(1, await app.Send(new PrunePlans()));
        await app.Send(new DeclineOffer(offers.Single(o => o.CaseId == back).Id, "多忙", "電話で辞退"), desk);
        Assert.Equal(1, await app.Send(new PrunePlans()));
        Assert.Equal(plan.Id, Assert.Single(await app.ReadAsync(db => db.Set<BoardPlan>().AsNoTracking().Select(p => p.Id).ToListAsync())));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from assignment_plan_offers o where not exists (select 1 from assignment_plans p where p.id = o.plan_id)"));
        await app.NothingBrokenAsync();
    }
}
