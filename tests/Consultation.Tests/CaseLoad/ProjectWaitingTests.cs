using Consultation.CaseLoad;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Routing;
using Consultation.Tests.Routing.Board;
using Consultation.Topics;

namespace Consultation.Tests.CaseLoad;

public sealed class ProjectWaitingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task P24_what_came_and_was_taken_on_in_the_last_weeks_is_counted_and_the_away_take_on_nothing()
    {
        var desk = await app.DeskAsync("kanto");
        var (one, two) = (await app.HireAsync(Affiliation.Mic), await app.HireAsync(Affiliation.Mic));
        // Received four days before; the two that are taken on yesterday count, and so does everything that came.
        var cases = await app.WaitAsync(desk, "東京都", 6, Track.Mic);
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(cases[0], Track.Mic, one), desk)).Id, "電話"), desk);
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(cases[1], Track.Mic, two), desk)).Id, "電話"), desk);
        await app.MoveClockAsync(TestApp.Start.AddDays(1));

        var supervisor = await app.SupervisorAsync();
        var view = await app.Send(new ProjectWaiting([one]), supervisor);
        Assert.Equal((new(2026, 11, 30), new DateOnly(2026, 12, 4), 5), (view.From, view.To, view.PeriodDays));
        // Eight weeks back from Wednesday 11-25: forty weekdays less 10-12, 11-03 and 11-23.
        Assert.Equal((new DateOnly(2026, 9, 30), new DateOnly(2026, 11, 24), 37), (view.CountedFrom, view.CountedTo, view.CountedDays));
        Assert.Equal([(one, 1, true), (two, 1, false)], view.Experts.Select(e => (e.ExpertId, e.Taken, e.Away)).OrderBy(e => e.ExpertId.Value));
        var lane = Assert.Single(view.Lanes);
        // 4 wait, 2 of 37 days were taken on: 4 ÷ (2 ÷ 37) = 74. Seven days of usual growth: 4 + 7 × 4 ÷ 37; five of them with half the hands.
        Assert.Equal(("kanto", Track.Mic, 4, 74.0), (lane.District, lane.Track, lane.Waiting, lane.Today!.Value));
        Assert.Equal((Math.Round((4 + (7 * 4.0 / 37)) / (2.0 / 37), 1), Math.Round((4 + (7 * 4.0 / 37) + (5 * 1.0 / 37)) / (2.0 / 37), 1)), (lane.Usual!.Value, lane.Changed!.Value));

        Assert.Empty((await app.Send(new ProjectWaiting(), await app.SupervisorAsync("tohoku"))).Lanes);
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ProjectWaiting(), desk));
        Assert.Equal("field.unknown_code", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ProjectWaiting([ExpertId.New()]), supervisor))).Errors.Single().Code);
        Assert.Equal("case_load.period_past", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ProjectWaiting(To: new(2026, 11, 24)), supervisor))).Errors.Single().Code);
    }
}
