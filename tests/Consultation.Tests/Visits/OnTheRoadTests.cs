using System.Text;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>
/// Who has set out goes on to a new time of the visit only where nothing stands between, not to an earlier one than the way allows, and not once turned back;
/// whoever asks for times is told the same (journeys J14, J17, J21, J58). The expert lives in Tokyo, the visit is in Osaka at one on Tuesday, 8 December.
/// </summary>
public sealed class OnTheRoadTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset SetsOut = At(12, 8, 13) - Travel.Between("13", "27", new(2026, 12, 8));
    private static int serial;

    private async Task<(ExpertId Expert, ChangedVisit Visit)> BookedAsync(DateTimeOffset? start = null, string prefecture = "大阪府", DateTimeOffset? talk = null, int minutes = 60)
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync($"路上 {Interlocked.Increment(ref serial)}", prefecture: "13");
        if (talk is { } at)
        {
            await app.Send(Visit(await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert)), at, minutes));
        }

        var id = await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: prefecture)));
        return (expert, await app.Send(Visit(id, start ?? At(12, 8, 13), mode: VisitMode.Visit)));
    }

    private Task<ChangedVisit> MoveAsync(ChangedVisit visit, DateTimeOffset start, VisitMode mode = VisitMode.Visit) =>
        app.Send(new RescheduleVisit(visit.Id, start, start.AddHours(1), "先方都合", mode));

    private async Task<List<DateTimeOffset>> OfferedAsync(ChangedVisit visit, int day, VisitMode mode = VisitMode.Visit) =>
        [.. (await app.Send(new LookAtWeek(visit.Case, new(2026, 12, day), mode, 60, Moving: visit.Id))).Days.Single(d => d.Date.Day == day).Free.Select(f => f.Start)];

    /// <summary>Refused, in the page too, and the next times that are told can be had.</summary>
    private async Task TakenAsync(ChangedVisit visit, DateTimeOffset start, VisitMode mode = VisitMode.Visit)
    {
        Assert.DoesNotContain(start, await OfferedAsync(visit, start.Day, mode));
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => MoveAsync(visit, start, mode));
        Assert.Equal("visit.taken", refused.Code);
        await MoveAsync(visit, ((IReadOnlyList<FreeSlot>)refused.Extra["nextSlots"]!)[0].Start, mode);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private async Task<(DateTimeOffset From, DateTimeOffset To)> RowAsync(ChangedVisit visit, ExpertId expert, DiaryState state) => await app.ReadAsync(async db =>
    {
        var row = await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.SingleAsync(db.Set<DiaryEntry>(), e => e.Visit == Ref.To(visit.Id) && e.ExpertId == expert && e.State == state);
        return (new DateTimeOffset(row.Busy.LowerBound, TimeSpan.Zero), new DateTimeOffset(row.Busy.UpperBound, TimeSpan.Zero));
    });

    [Fact]
    public async Task J17_who_is_on_the_road_does_not_go_on_where_another_booking_stands_between()
    {
        // Okinawa takes the evening before and, after an hour at four, the night: back on Wednesday afternoon, when a talk follows.
        var (_, visit) = await BookedAsync(At(12, 8, 16), "沖縄県", talk: At(12, 9, 13));
        await app.MoveClockAsync(At(12, 8, 10));
        await TakenAsync(visit, At(12, 9, 15));
    }

    [Theory]
    [InlineData("20261208T143000", true)]
    [InlineData("20261208T094000", false)]
    public async Task J58_what_the_outside_calendar_holds_before_the_new_time_stands_between_unless_it_is_over(string begins, bool stands)
    {
        var (expert, visit) = await BookedAsync();
        await app.Send(new TakeCalendarFile(expert, Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:{begins}\r\nDURATION:PT15M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")));
        await app.MoveClockAsync(At(12, 8, 10));
        if (stands)
        {
            await TakenAsync(visit, At(12, 8, 16));
            return;
        }

        await MoveAsync(visit, At(12, 8, 16));
        Assert.Equal((SetsOut, At(12, 8, 17) + (At(12, 8, 13) - SetsOut)), await RowAsync(visit, expert, DiaryState.Confirmed));
    }

    [Fact]
    public async Task J58_who_set_out_behind_a_talk_is_not_there_earlier_than_planned()
    {
        var (_, visit) = await BookedAsync(talk: At(12, 8, 9), minutes: 15);
        await app.MoveClockAsync(At(12, 8, 10));
        await TakenAsync(visit, At(12, 8, 11));
    }

    [Theory]
    [InlineData(VisitMode.Visit)]
    [InlineData(VisitMode.Web)]
    public async Task J58_who_has_turned_back_goes_home_and_not_on(VisitMode mode)
    {
        var (expert, visit) = await BookedAsync();
        await app.MoveClockAsync(At(12, 8, 10));
        await MoveAsync(visit, At(12, 10, 14));
        var road = await RowAsync(visit, expert, DiaryState.Away);
        await app.MoveClockAsync(At(12, 8, 13, 20));
        await TakenAsync(visit, At(12, 8, 15, 30), mode);
        Assert.Equal(road, await RowAsync(visit, expert, DiaryState.Away));
    }

    [Fact]
    public async Task J58_a_week_offers_who_is_on_the_road_what_can_be_had_and_nothing_else()
    {
        var (expert, visit) = await BookedAsync();
        await app.MoveClockAsync(At(12, 8, 10));
        var offered = await OfferedAsync(visit, 8);
        // From home one would have left before ten for half past one.
        Assert.True(At(12, 8, 13, 30) - (At(12, 8, 13) - SetsOut) < app.Now);
        Assert.Equal(At(12, 8, 13), offered[0]);
        Assert.Contains(At(12, 8, 13, 30), offered);
        await MoveAsync(visit, At(12, 8, 13, 30));
        Assert.Equal(SetsOut, (await RowAsync(visit, expert, DiaryState.Confirmed)).From);
    }

    [Fact]
    public async Task J17_who_is_on_the_road_and_loses_a_time_hears_of_the_next_ones_that_can_be_had_from_there()
    {
        var (_, visit) = await BookedAsync();
        await app.MoveClockAsync(At(12, 8, 10));
        await app.SqlAsync("""
            create function planted_knot() returns trigger language plpgsql as $$ begin raise exception 'knot' using errcode = '40P01'; end $$;
            create trigger planted_knot before insert or update on visits for each row execute function planted_knot()
            """);
        try
        {
            foreach (var move in new[] { () => MoveAsync(visit, At(12, 8, 13, 30)), () => app.Send(new PutOffVisit(visit.Id, CancelledBy.Client, true, At(12, 8, 13, 30))) })
            {
                var refused = await Assert.ThrowsAsync<RuleViolation>(move);
                // From home one would have to leave before now.
                Assert.Equal(("visit.taken", At(12, 8, 13, 30)), (refused.Code, ((IReadOnlyList<FreeSlot>)refused.Extra["nextSlots"]!)[0].Start));
            }
        }
        finally
        {
            await app.SqlAsync("drop trigger planted_knot on visits; drop function planted_knot");
        }
    }

    [Fact]
    public async Task J14_a_substituted_expert_who_is_on_the_road_stays_there_when_the_visit_moves_and_goes_on_when_it_is_given_back()
    {
        var (expert, visit) = await BookedAsync();
        var near = await app.ExpertNamedAsync($"近く {Interlocked.Increment(ref serial)}", prefecture: "27");
        var supervisor = await app.SupervisorAsync();
        await app.Send(new AddAbsence(expert, At(12, 8, 12), At(12, 8, 17), "急用"));
        await app.MoveClockAsync(At(12, 8, 10));
        var plan = await app.Send(new ProposeHandover(expert), supervisor);
        await app.Send(new ApproveHandover(plan.Id, "電話で了解", [new(visit.Case, Track.Mic, near)]), supervisor);
        var road = await RowAsync(visit, expert, DiaryState.Away);
        Assert.Equal(SetsOut, road.From);

        await MoveAsync(visit, At(12, 8, 14));
        Assert.Equal(road, await RowAsync(visit, expert, DiaryState.Away));

        await app.SqlAsync($"delete from expert_absences where expert_id = '{expert}'");
        Assert.Empty((await app.Send(new UndoHandover(plan.Id), supervisor)).Kept!);
        Assert.Equal((SetsOut, At(12, 8, 15) + (At(12, 8, 13) - SetsOut)), await RowAsync(visit, expert, DiaryState.Confirmed));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{visit.Id}' and state = 'away' and expert_id = '{expert}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J14_who_is_on_the_road_for_a_visit_still_may_take_it_over_again_when_the_substitute_falls_ill()
    {
        var (expert, visit) = await BookedAsync();
        var near = await app.ExpertNamedAsync($"近く {Interlocked.Increment(ref serial)}", prefecture: "27");
        var supervisor = await app.SupervisorAsync();
        await app.Send(new AddAbsence(expert, At(12, 8, 12), At(12, 8, 17), "急用"));
        await app.MoveClockAsync(At(12, 8, 10));
        var plan = await app.Send(new ProposeHandover(expert), supervisor);
        await app.Send(new ApproveHandover(plan.Id, "電話で了解", [new(visit.Case, Track.Mic, near)]), supervisor);
        await app.SqlAsync($"delete from expert_absences where expert_id = '{expert}'");
        await app.Send(new AddAbsence(near, At(12, 8, 12), At(12, 8, 17), "発熱"));

        var again = await app.Send(new GetHandover((await app.Send(new ProposeHandover(near), supervisor)).Id), supervisor);
        Assert.Empty(again.Items.Single().Candidates.Single(c => c.ExpertId == expert).Excluded);
        await app.Send(new ApproveHandover(again.Id, "電話で了解", [new(visit.Case, Track.Mic, expert)]), supervisor);
        Assert.Equal((SetsOut, At(12, 8, 14) + (At(12, 8, 13) - SetsOut)), await RowAsync(visit, expert, DiaryState.Confirmed));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J58_a_talk_held_on_the_road_brings_nobody_to_the_place_any_earlier()
    {
        // Behind the talk at nine they set out at twenty past, and are in Osaka at one and not before.
        var (_, visit) = await BookedAsync(talk: At(12, 8, 9), minutes: 15);
        await app.MoveClockAsync(At(12, 8, 10));
        await MoveAsync(visit, At(12, 8, 11), VisitMode.Web);
        await TakenAsync(visit, At(12, 8, 12, 30));
    }

    [Fact]
    public async Task J58_behind_a_talk_held_on_the_road_the_next_visit_is_not_before_the_expert_is_there()
    {
        var (expert, visit) = await BookedAsync();
        var next = await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
        await app.Send(new EditCase(next, Organisation: new(Prefecture: "大阪府")));
        await app.MoveClockAsync(At(12, 8, 10));
        await MoveAsync(visit, At(12, 8, 11), VisitMode.Web);
        var offered = (await app.Send(new ListSlots(next, At(12, 8, 0), At(12, 9, 0), VisitMode.Visit))).Select(s => s.Start).ToList();
        Assert.DoesNotContain(At(12, 8, 13), offered);
        Assert.Contains(At(12, 8, 14), offered);
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(next, At(12, 8, 13), mode: VisitMode.Visit)));
        await app.Send(Visit(next, At(12, 8, 14), mode: VisitMode.Visit));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J58_who_was_at_home_in_between_comes_from_home_and_not_straight()
    {
        await app.SqlAsync("update programme_years set visit_closes = '20:00' where fiscal_year = 2026");
        var expert = await app.ExpertNamedAsync($"路上 {Interlocked.Increment(ref serial)}", prefecture: "13");
        await app.MoveClockAsync(TestApp.Start);
        await app.Send(new SetDayHours(expert, new(2026, 12, 8), [new(new(9, 0), new(20, 0))]));
        var visits = new List<ChangedVisit>();
        foreach (var (start, minutes) in new[] { (At(12, 8, 9), 30), (At(12, 8, 17, 30), 60) })
        {
            var id = await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
            await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
            visits.Add(await app.Send(Visit(id, start, minutes, VisitMode.Visit)));
        }

        // Home at ten past one, out again at ten to two.
        await app.MoveClockAsync(At(12, 8, 14));
        await TakenAsync(visits[1], At(12, 8, 16, 30));
        await app.SqlAsync("update programme_years set visit_closes = '17:00' where fiscal_year = 2026");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task P19_who_has_left_for_home_does_not_turn_round_for_another_visit(bool over)
    {
        var (expert, visit) = await BookedAsync();
        var next = await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
        await app.Send(new EditCase(next, Organisation: new(Prefecture: "大阪府")));
        await app.MoveClockAsync(At(12, 8, 10));
        if (!over)
        {
            await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
        }

        Assert.Contains(At(12, 8, 16), await OfferedToAsync());
        await app.MoveClockAsync(over ? At(12, 8, 14, 30) : At(12, 8, 13, 30));
        Assert.Empty(await OfferedToAsync());
        Assert.Equal("visit.leaves_in_past", await app.RefusedAsync(Visit(next, At(12, 8, 16), mode: VisitMode.Visit)));
        if (over)
        {
            // Nor for the same one at another time.
            await TakenAsync(visit, At(12, 8, 16));
        }

        async Task<List<DateTimeOffset>> OfferedToAsync() => [.. (await app.Send(new ListSlots(next, At(12, 8, 0), At(12, 9, 0), VisitMode.Visit))).Select(s => s.Start)];
    }

    [Fact]
    public async Task P19_who_waits_far_away_for_the_next_visit_is_not_at_home_when_it_is_cancelled()
    {
        var (expert, _) = await BookedAsync(At(12, 8, 10));
        var (next, home) = (await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert)), await app.HeldCaseAsync($"株式会社路上{Interlocked.Increment(ref serial)}", (Track.Mic, expert)));
        await app.Send(new EditCase(next, Organisation: new(Prefecture: "大阪府")));
        await app.Send(new EditCase(home, Organisation: new(Prefecture: "東京都")));
        var second = await app.Send(Visit(next, At(12, 8, 16), mode: VisitMode.Visit));
        await app.MoveClockAsync(At(12, 8, 14));
        await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
        // Four hours after the first visit they are in Osaka still, and home at twenty to six at the earliest.
        Assert.Empty(await app.Send(new ListSlots(home, At(12, 8, 0), At(12, 9, 0), VisitMode.Visit)));
        Assert.Equal("visit.leaves_in_past", await app.RefusedAsync(Visit(home, At(12, 8, 16), mode: VisitMode.Visit)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }
}
