using Consultation.Cases;
using Consultation.Check;
using Consultation.Disaster;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Who went straight from one visit to the next goes home again when the next is gone; whoever is on the road stays on the road (idea P19, journeys J21, J58).</summary>
public sealed class StraightWaysTests(TestApp app) : IClassFixture<TestApp>
{
    private static int serial;

    // All visits are in Osaka unless said otherwise, and the expert lives in Tokyo: three hours and a half away.
    private async Task<ExpertId> FromTokyoAsync()
    {
        await app.MoveClockAsync(TestApp.Start);
        return await app.ExpertNamedAsync($"東京 {Interlocked.Increment(ref serial)}", prefecture: "13");
    }

    private async Task<ChangedVisit> BookAsync(ExpertId expert, DateTimeOffset start, string prefecture = "大阪府", int minutes = 60, VisitMode mode = VisitMode.Visit, bool hold = false)
    {
        var id = await app.HeldCaseAsync($"株式会社往復{Interlocked.Increment(ref serial)}", (Track.Mic, expert));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: prefecture)));
        return await app.Send(Visit(id, start, minutes, mode, hold: hold));
    }

    private async Task<string> BusyAsync(VisitId visit, string? state = null) => (string)(await app.SqlAsync(
        $"select to_char(lower(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI') || '-' || to_char(upper(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI') from expert_diary where visit = '{visit}' and state in ('held', 'confirmed', 'away') and state = coalesce({(state is null ? "null" : $"'{state}'")}, state)"))!;

    private async Task<string> AwayAsync(VisitId visit) => (string)(await app.SqlAsync(
        $"select string_agg(to_char(lower(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI') || '-' || to_char(upper(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI'), ' ') from expert_diary where visit = '{visit}' and state = 'away'"))!;

    private static string Span(DateTimeOffset from, DateTimeOffset to) => $"{JapanTime.ToJapan(from):dd HH\\:mm}-{JapanTime.ToJapan(to):dd HH\\:mm}";

    private static TimeSpan Way(string from, string to) => Travel.Between(from, to, new(2026, 12, 8));

    private async Task SoundAsync() => Assert.Empty((await app.Send(new RunCheck())).Broken);

    [Theory]
    [InlineData("cancelled")]
    [InlineData("moved")]
    [InlineData("run out")]
    [InlineData("made a web meeting")]
    [InlineData("passed on")]
    public async Task P19_the_row_before_has_its_way_home_in_the_diary_again_when_the_visit_gone_on_to_is(string what)
    {
        var expert = await FromTokyoAsync();
        var first = await BookAsync(expert, At(12, 8, 10));
        var second = await BookAsync(expert, At(12, 8, 13), hold: what == "run out");
        var home = Way("13", "27");
        Assert.Equal(Span(At(12, 8, 10) - home, At(12, 8, 11) + Travel.Slack), await BusyAsync(first.Id));
        switch (what)
        {
            case "cancelled":
                await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
                break;
            case "moved":
                await app.Send(new RescheduleVisit(second.Id, At(12, 10, 13), At(12, 10, 14), "先方都合"));
                Assert.Equal(Span(At(12, 10, 13) - home, At(12, 10, 14) + home), await BusyAsync(second.Id));
                break;
            case "run out":
                await app.SqlAsync($"update visits set hold_expires_at = app_now() - interval '1 minute' where id = '{second.Id}'");
                await app.Send(new ExpireHolds());
                break;
            case "passed on":
                var other = await app.ExpertNamedAsync($"代わり {Interlocked.Increment(ref serial)}", prefecture: "27");
                await app.Send(new ReassignTrack(second.Case, Track.Mic, other, "交代"));
                break;
            default:
                await app.MoveClockAsync(At(12, 8, 5));
                await app.Send(new SwitchToWeb(second.Id, Reached: true));
                // The talk is held on the way: the way home begins behind it, and nothing is offered into it.
                Assert.Equal(Span(At(12, 8, 13), At(12, 8, 14) + home), await BusyAsync(second.Id));
                Assert.Equal(Span(At(12, 8, 10) - home, At(12, 8, 11) + Travel.Slack), await BusyAsync(first.Id));
                await SoundAsync();
                await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
                break;
        }

        Assert.Equal(Span(At(12, 8, 10) - home, At(12, 8, 11) + home), await BusyAsync(first.Id));
        Assert.Equal(At(12, 8, 11) + home, (await app.Send(new LookAtDiary(expert, new(2026, 12, 8), 1))).Days[0].Visits.Single(v => v.Visit == first.Id).Back);
        await SoundAsync();
    }

    [Fact]
    public async Task P19_the_row_after_begins_at_home_again_and_so_do_both_where_there_is_time_in_between()
    {
        var expert = await FromTokyoAsync();
        var (first, second, third) = (await BookAsync(expert, At(12, 8, 10)), await BookAsync(expert, At(12, 8, 12)), await BookAsync(expert, At(12, 8, 15)));
        var (home, near) = (Way("13", "27"), Way("27", "27") - Travel.Slack);
        await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
        // From ten past eleven to three it is too short to go home: straight on.
        Assert.Equal((Span(At(12, 8, 10) - home, At(12, 8, 11) + Travel.Slack), Span(At(12, 8, 15) - near, At(12, 8, 16) + home)), (await BusyAsync(first.Id), await BusyAsync(third.Id)));
        await app.Send(new CancelVisit(first.Id, CancelledBy.Client, "急用"));
        Assert.Equal(Span(At(12, 8, 15) - home, At(12, 8, 16) + home), await BusyAsync(third.Id));
        await SoundAsync();
    }

    [Fact]
    public async Task P19_a_moved_visit_gives_its_time_up_before_its_neighbour_takes_it()
    {
        var expert = await FromTokyoAsync();
        await BookAsync(expert, At(12, 8, 9), "京都府");
        var (moved, next) = (await BookAsync(expert, At(12, 8, 11, 30)), await BookAsync(expert, At(12, 8, 13)));
        Assert.Equal(Span(At(12, 8, 13) - (Way("27", "27") - Travel.Slack), At(12, 8, 14) + Way("13", "27")), await BusyAsync(next.Id));
        Assert.Contains(At(12, 8, 15), (await app.Send(new LookAtWeek(moved.Case, new(2026, 12, 8), VisitMode.Visit, 60, Moving: moved.Id))).Days[1].Free.Select(f => f.Start));
        await app.Send(new RescheduleVisit(moved.Id, At(12, 8, 15), At(12, 8, 16), "先方都合"));
        var straight = Way("26", "27") - Travel.Slack;
        Assert.True(At(12, 8, 13) - straight < At(12, 8, 12, 30), "The way from Kyoto leads through what the moved visit had.");
        Assert.Equal(Span(At(12, 8, 13) - straight, At(12, 8, 14) + Travel.Slack), await BusyAsync(next.Id));
        await SoundAsync();
    }

    [Fact]
    public async Task P19_a_chain_broken_by_a_web_meeting_is_a_call_of_the_desk_that_names_both_visits()
    {
        var expert = await FromTokyoAsync();
        var (first, second, third) = (await BookAsync(expert, At(12, 8, 9)), await BookAsync(expert, At(12, 8, 12, 30), "愛知県", 30), await BookAsync(expert, At(12, 8, 16), "東京都"));
        var before = (await BusyAsync(first.Id), await BusyAsync(third.Id));
        await app.MoveClockAsync(At(12, 8, 5));
        await app.Send(new SwitchToWeb(second.Id, Reached: true));
        Assert.Equal(before, (await BusyAsync(first.Id), await BusyAsync(third.Id)));
        var told = (string)(await app.SqlAsync($"select reason from call_backs where case_id = '{third.Case}' and state = 'open' and reason like '%移動%'"))!;
        Assert.All([first.Case, third.Case], of => Assert.Contains((string)app.SqlAsync($"select number from cases where id = '{of}'").Result!, told, StringComparison.Ordinal));
        await app.Send(new CancelVisit(third.Id, CancelledBy.Client, "急用"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from call_backs where case_id = '{third.Case}' and state = 'open' and reason like '%移動%'"));
        await SoundAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task J21_the_road_stays_taken_for_who_has_set_out_when_the_visit_falls_through(bool nobodyThere)
    {
        var expert = await FromTokyoAsync();
        var (visit, other) = (await BookAsync(expert, At(12, 8, 13)), await app.HeldCaseAsync($"株式会社帰路{nobodyThere}", (Track.Mic, expert)));
        var busy = await BusyAsync(visit.Id);
        await app.MoveClockAsync(nobodyThere ? At(12, 8, 13, 10) : At(12, 8, 10));
        _ = nobodyThere ? await app.Send(new CompleteVisit(visit.Id, VisitOutcome.NoShow, Source: "専門家から電話")) : await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
        // Word may not reach who is on the way: there by one, and ten minutes after that, or after it was said, home again. The hours of the visit are free.
        var home = Way("13", "27");
        var turns = nobodyThere ? At(12, 8, 13, 20) : At(12, 8, 13, 10);
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 14) + home), busy);
        Assert.Equal(Span(At(12, 8, 13) - home, turns + home), await BusyAsync(visit.Id));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(other, At(12, 8, 16))));
        var day = (await app.Send(new LookAtDiary(expert, new(2026, 12, 8), 1))).Days[0];
        Assert.True(day.Visits.Single().IsAway);
        Assert.Equal(nobodyThere ? VisitState.NoShow : VisitState.Cancelled, day.Visits.Single().State);
        Assert.DoesNotContain(day.Free, f => f.From < turns + home);
        Assert.True((await app.Send(new LookAtDistrict("kanto", new(2026, 12, 8), 1))).Experts.Single(e => e.Id == expert).Days[0].Visits.Single().IsAway);
        await app.Send(Visit(other, At(12, 9, 10)));
        await SoundAsync();
    }

    [Fact]
    public async Task J21_who_has_not_set_out_or_talks_from_afar_is_free_at_once()
    {
        var expert = await FromTokyoAsync();
        var (visit, talk) = (await BookAsync(expert, At(12, 8, 13)), await BookAsync(expert, At(12, 9, 10), mode: VisitMode.Web));
        var other = await app.HeldCaseAsync($"株式会社すぐ空く{serial}", (Track.Mic, expert));
        await app.MoveClockAsync(At(12, 8, 9));
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
        await app.Send(Visit(other, At(12, 8, 13)));
        await app.MoveClockAsync(At(12, 9, 10, 10));
        await app.Send(new CompleteVisit(talk.Id, VisitOutcome.NoShow, Source: "専門家から電話"));
        await app.Send(Visit(other, At(12, 9, 10, 15), 30));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_a_visit_put_off_while_its_expert_is_on_the_road_leaves_the_road_and_one_put_off_by_an_hour_takes_it_along()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13));
        await app.MoveClockAsync(At(12, 8, 10));
        await app.Send(new PutOffVisit(visit.Id, CancelledBy.Client, true, At(12, 8, 14)));
        var home = Way("13", "27");
        // What was travelled since half past nine stays taken.
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 15) + home), await BusyAsync(visit.Id));
        await app.MoveClockAsync(At(12, 8, 12));
        await app.Send(new PutOffVisit(visit.Id, CancelledBy.Client, true, At(12, 10, 14)));
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 14, 10) + home), await AwayAsync(visit.Id));
        var other = await app.HeldCaseAsync($"株式会社路上{serial}", (Track.Mic, expert));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(other, At(12, 8, 16))));
        var days = (await app.Send(new LookAtDiary(expert, new(2026, 12, 8), 3))).Days;
        Assert.Equal((VisitState.Cancelled, true, VisitState.Confirmed, false), (days[0].Visits.Single().State, days[0].Visits.Single().IsAway, days[2].Visits.Single().State, days[2].Visits.Single().IsAway));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_a_web_meeting_decided_on_the_road_frees_no_road()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13));
        var busy = await BusyAsync(visit.Id);
        await app.MoveClockAsync(At(12, 8, 11));
        await app.Send(new SwitchToWeb(visit.Id, Reached: true));
        Assert.Equal(busy, await BusyAsync(visit.Id));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_who_is_on_the_road_keeps_the_road_behind_a_talk_and_goes_on_again_when_the_visit_comes_back_but_is_not_there_any_earlier()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13));
        var home = Way("13", "27");
        await app.MoveClockAsync(At(12, 8, 10));
        Assert.Equal("visit.leaves_in_past", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RescheduleVisit(visit.Id, At(12, 8, 12), At(12, 8, 13), "先方都合")))).Code);
        await app.Send(new RescheduleVisit(visit.Id, At(12, 8, 11), At(12, 8, 12), "先方都合", VisitMode.Web));
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 12) + home), await BusyAsync(visit.Id));
        await SoundAsync();

        await app.Send(new RescheduleVisit(visit.Id, At(12, 10, 10), At(12, 10, 11), "先方都合", VisitMode.Visit));
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 11, 10) + home), await AwayAsync(visit.Id));
        await app.MoveClockAsync(At(12, 8, 10, 30));
        await app.Send(new RescheduleVisit(visit.Id, At(12, 8, 14), At(12, 8, 15), "やはり今日"));
        Assert.Equal(Span(At(12, 8, 13) - home, At(12, 8, 15) + home), await BusyAsync(visit.Id, "confirmed"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{visit.Id}' and state = 'away'"));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_a_delay_told_on_the_road_frees_nothing_that_was_travelled()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13));
        var busy = await BusyAsync(visit.Id);
        await app.MoveClockAsync(At(12, 8, 9, 45));
        await app.Send(new TellLateness(visit.Id, 30, Reached: true), await app.ExpertAsync(expert));
        Assert.Equal(busy, await BusyAsync(visit.Id));
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "急用"));
        Assert.Equal(Span(At(12, 8, 13) - Way("13", "27"), At(12, 8, 13, 40) + Way("13", "27")), await BusyAsync(visit.Id));
        await SoundAsync();
    }

    [Fact]
    public async Task J58_of_two_who_come_each_is_asked_for_the_own_way()
    {
        var (far, near) = (await FromTokyoAsync(), await app.ExpertNamedAsync($"近く {Interlocked.Increment(ref serial)}", Affiliation.Mhlw, "28"));
        var id = await app.HeldCaseAsync($"株式会社合同往復{Interlocked.Increment(ref serial)}", (Track.Mic, far), (Track.Mhlw, near));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
        var visit = await app.Send(Visit(id, At(12, 8, 13), mode: VisitMode.Visit));
        await app.MoveClockAsync(At(12, 8, 10, 15));
        // From home the one from Tokyo would have left at ten; that one is on the road, and the other has not set out.
        await app.Send(new RescheduleVisit(visit.Id, At(12, 8, 13, 30), At(12, 8, 14, 30), "先方都合"));
        Assert.Equal(
            Span(At(12, 8, 13) - Way("13", "27"), At(12, 8, 14, 30) + Way("13", "27")),
            await app.SqlAsync($"select to_char(lower(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI') || '-' || to_char(upper(busy) at time zone 'Asia/Tokyo', 'DD HH24:MI') from expert_diary where visit = '{visit.Id}' and expert_id = '{far}' and state = 'confirmed'"));
        await SoundAsync();
    }

    [Fact]
    public async Task J26_a_road_of_another_day_is_no_reason_to_call_a_visit_back_for_which_it_is_too_late_to_set_out()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13), "奈良県");
        await app.MoveClockAsync(At(12, 8, 10));
        await app.Send(new RescheduleVisit(visit.Id, At(12, 9, 13), At(12, 9, 14), "先方都合"));
        var road = await AwayAsync(visit.Id);
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("奈良県", new(2026, 12, 9), new(2026, 12, 9), DisasterWay.PutOff, "大雪"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        await app.MoveClockAsync(At(12, 9, 11));
        Assert.Equal(new DisasterResult(0, 1), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Contains("出発する必要がある", (await app.Send(new GetDisaster(plan), supervisor)).Items.Single().Why, StringComparison.Ordinal);
        Assert.Equal(road, await AwayAsync(visit.Id));
        await SoundAsync();
    }

    [Fact]
    public async Task J26_who_was_on_the_road_when_a_visit_was_put_off_is_on_the_road_when_it_is_called_back()
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13), "和歌山県");
        var busy = await BusyAsync(visit.Id);
        await app.MoveClockAsync(At(12, 8, 10));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("和歌山県", new(2026, 12, 8), new(2026, 12, 8), DisasterWay.PutOff, "大雪"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.NotEqual(busy, await AwayAsync(visit.Id));
        await app.MoveClockAsync(At(12, 8, 11));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(busy, await BusyAsync(visit.Id, "confirmed"));
        await SoundAsync();
    }

    [Fact]
    public async Task J26_two_visits_of_one_case_that_are_reached_straight_both_come_back_after_a_disaster()
    {
        var expert = await FromTokyoAsync();
        var first = await BookAsync(expert, At(12, 8, 10), "三重県");
        var second = await app.Send(Visit(first.Case, At(12, 8, 13), mode: VisitMode.Visit));
        var busy = (await BusyAsync(first.Id), await BusyAsync(second.Id));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("三重県", new(2026, 12, 8), new(2026, 12, 8), DisasterWay.PutOff, "大雪"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal(busy, (await BusyAsync(first.Id), await BusyAsync(second.Id)));
        await SoundAsync();
    }

    [Fact]
    public async Task Two_chains_that_cut_each_others_cases_off_at_once_are_both_told()
    {
        var (one, two) = (await FromTokyoAsync(), await app.ExpertNamedAsync($"東京 {Interlocked.Increment(ref serial)}", Affiliation.Mhlw, "13"));
        CaseId[] cases = [await JointAsync(), await JointAsync()];
        await BookAsync(one, At(12, 8, 9));
        var firstOfTwo = await app.HeldCaseAsync($"株式会社往復{Interlocked.Increment(ref serial)}", (Track.Mhlw, two));
        await BookInAsync(firstOfTwo, "大阪府", At(12, 8, 9), 60, Track.Mhlw);
        // Each expert's middle visit is of the case of the other's last one.
        var middle = await BookInAsync(cases[0], "愛知県", At(12, 8, 12, 30), 30, Track.Mic);
        await BookInAsync(cases[1], "東京都", At(12, 8, 16), 60, Track.Mic);
        var other = await BookInAsync(cases[1], "愛知県", At(12, 8, 12, 30), 30, Track.Mhlw);
        await BookInAsync(cases[0], "東京都", At(12, 8, 16), 60, Track.Mhlw);
        await app.MoveClockAsync(At(12, 8, 5));

        await using var blocker = await Blocker.OpenAsync(app, $"select 1 from expert_diary where visit in ('{middle.Id}', '{other.Id}') for update");
        var both = Task.WhenAll(app.Send(new SwitchToWeb(middle.Id, Reached: true)), app.Send(new SwitchToWeb(other.Id, Reached: true)));
        await blocker.LetGoOnceWaitedForAsync(2);
        await both;

        // Each waited for the other's case, one was ended by PostgreSQL and done again. The server tells its count a little later.
        for (var waited = 0; (long)(await app.SqlAsync("select deadlocks from pg_stat_database where datname = current_database()"))! == 0; waited++)
        {
            Assert.True(waited < 200, "Nobody waited for the other.");
            await Task.Delay(100);
        }

        Assert.All(cases, id => Assert.Equal(1L, app.SqlAsync($"select count(*) from call_backs where case_id = '{id}' and state = 'open' and reason like '%移動が間に合わない%'").Result));
        await SoundAsync();

        async Task<CaseId> JointAsync() => await app.HeldCaseAsync($"株式会社交差{Interlocked.Increment(ref serial)}", (Track.Mic, one), (Track.Mhlw, two));
        async Task<ChangedVisit> BookInAsync(CaseId id, string prefecture, DateTimeOffset start, int minutes, Track track)
        {
            await app.Send(new EditCase(id, Organisation: new(Prefecture: prefecture)));
            return await app.Send(Visit(id, start, minutes, VisitMode.Visit, [track]));
        }
    }

    [Fact]
    public async Task P19_nobody_travels_while_absent_or_busy_elsewhere()
    {
        var expert = await FromTokyoAsync();
        var id = await app.HeldCaseAsync($"株式会社不在中{serial}", (Track.Mic, expert));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
        async Task<List<DateTimeOffset>> OfferedAsync(int day) => (await app.Send(new ListSlots(id, At(12, day, 0), At(12, day + 1, 0), VisitMode.Visit))).Select(s => s.Start).ToList();
        Assert.Contains(At(12, 8, 13), await OfferedAsync(8));
        await app.Send(new AddAbsence(expert, At(12, 8, 9), At(12, 8, 11), "通院"));
        var offered = await OfferedAsync(8);
        Assert.DoesNotContain(At(12, 8, 13), offered);
        // Who leaves at eleven is there at twenty to three.
        Assert.Equal(At(12, 8, 15), offered[0]);
        Assert.Equal("visit.absent_on_the_way", await app.RefusedAsync(Visit(id, At(12, 8, 13), mode: VisitMode.Visit)));
        await app.Send(Visit(id, At(12, 8, 13)));

        Assert.Contains(At(12, 10, 13), await OfferedAsync(10));
        await app.Send(new TakeCalendarFile(expert, System.Text.Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261210T170000\r\nDURATION:PT60M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")));
        Assert.DoesNotContain(At(12, 10, 13), await OfferedAsync(10));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(id, At(12, 10, 13), mode: VisitMode.Visit)));
    }

    [Fact]
    public async Task P19_nothing_is_offered_or_booked_for_which_somebody_would_have_had_to_set_out_by_now()
    {
        var expert = await FromTokyoAsync();
        var id = await app.HeldCaseAsync($"株式会社出発済み{serial}", (Track.Mic, expert));
        await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
        // At twenty past nine: who leaves now is there at one.
        var home = Travel.Between("13", "27", new(2026, 11, 24));
        var offered = await app.Send(new ListSlots(id, app.Now, At(11, 25, 0), VisitMode.Visit));
        Assert.All(offered, s => Assert.True(s.Start - home > app.Now, $"{s.Start}"));
        Assert.Contains(offered, s => s.Start == At(11, 24, 13, 30));
        var early = At(11, 24, 11);
        Assert.Equal("visit.leaves_in_past", await app.RefusedAsync(Visit(id, early, mode: VisitMode.Visit)));
        Assert.Contains((await app.Send(new LookAtWeek(id, new(2026, 11, 24), VisitMode.Visit, 60))).Days[1].Refused, r => r.Why.Contains("出発する必要がある", StringComparison.Ordinal));
        Assert.True((await app.Send(new FindSlots(id, [expert], [], VisitMode.Visit))).Alone[expert].Start - home > app.Now);
        await app.Send(Visit(id, early));
    }

    [Fact]
    public async Task P19_straight_on_to_an_early_visit_far_away_means_the_evening_before_and_one_that_ends_too_late_is_not_reached()
    {
        var expert = await FromTokyoAsync();
        var first = await BookAsync(expert, At(12, 8, 15));
        var far = await app.HeldCaseAsync($"株式会社翌朝{serial}", (Track.Mic, expert));
        await app.Send(new EditCase(far, Organisation: new(Prefecture: "福岡県")));
        var straight = Travel.Between("27", "40", new(2026, 12, 9)) - Travel.Slack;
        Assert.True(At(12, 9, 9) - straight < At(12, 9, 6), $"{straight}");
        var next = await app.Send(Visit(far, At(12, 9, 9), mode: VisitMode.Visit));
        Assert.StartsWith(Span(At(12, 8, 21) - straight, default)[..8], await BusyAsync(next.Id), StringComparison.Ordinal);

        // After six there is no connection by which one is there at nine in the evening.
        await app.Send(new CancelVisit(next.Id, CancelledBy.Client, "急用"));
        await app.SqlAsync("update programme_years set visit_closes = '20:00' where fiscal_year = 2026");
        await app.Send(new SetDayHours(expert, new(2026, 12, 8), [new(new(9, 0), new(20, 0))]));
        await app.Send(new RescheduleVisit(first.Id, At(12, 8, 18, 30), At(12, 8, 19, 30), "先方都合"));
        Assert.Equal("visit.taken", await app.RefusedAsync(Visit(far, At(12, 9, 9), mode: VisitMode.Visit)));
        await app.SqlAsync("update programme_years set visit_closes = '17:00' where fiscal_year = 2026");
        await SoundAsync();
    }

    [Fact]
    public void P19_two_places_of_one_prefecture_are_never_at_no_distance() => Assert.All(
        Prefectures.All, p => Assert.All(Enumerable.Range(1, 12), month => Assert.InRange(Travel.Between(p.Code, p.Name, new(2026, month, 1)), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(150))));

    [Theory]
    [InlineData("close")]
    [InlineData("reassign")]
    public async Task An_act_that_ends_visits_locks_their_experts_and_quota_before_the_case_like_every_booking(string act)
    {
        var expert = await FromTokyoAsync();
        var visit = await BookAsync(expert, At(12, 8, 13));
        var other = await app.ExpertNamedAsync($"後任 {Interlocked.Increment(ref serial)}", prefecture: "27");
        await using var booking = await Blocker.OpenAsync(
            app, $"select 1 from quota_accounts q join cases c on c.organisation_id = q.organisation_id where c.id = '{visit.Case}' for update of q");
        var ending = act == "close"
            ? app.Send(new CloseCase(visit.Case, CaseOutcome.Withdrawn, CloseOpenWork: true, Reason: "取下げ")) as Task
            : app.Send(new ReassignTrack(visit.Case, Track.Mic, other, "交代"));
        await booking.WaitedForAsync();
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from (select 1 from cases where id = '{visit.Case}' for update skip locked) free"));
        await booking.LetGoOnceWaitedForAsync();
        await ending;
        Assert.Equal("cancelled", await app.SqlAsync($"select state from visits where id = '{visit.Id}'"));
        await SoundAsync();
    }
}
