using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.FollowUps;

public sealed class FollowUpTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task<(CaseId Case, ChangedVisit Visit)> VisitedAsync(string organisation, string contractEndsOn = "2027-06-30", int month = 11, int day = 30)
    {
        await app.SqlAsync($"update programme_years set contract_ends_on = '{contractEndsOn}' where fiscal_year = 2026");
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, await app.ExpertNamedAsync($"追跡 {organisation}")));
        var booked = await app.Send(Visit(id, At(month, day, 10)));
        await app.MoveClockAsync(At(month, day, 12));
        return (id, await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認")));
    }

    private async Task<List<FollowUpRow>> PlanAsync(CaseId id) => [.. (await app.Send(new ListFollowUps(Limit: 200))).Items.Where(f => f.Case == id)];

    [Fact]
    public async Task J32_dates_fall_one_three_and_six_months_later_on_open_days_with_their_derivation()
    {
        var plan = await PlanAsync((await VisitedAsync("株式会社三段")).Case);
        Assert.Equal([new(2027, 1, 4), new(2027, 3, 1), new DateOnly(2027, 5, 31)], plan.Select(f => f.DueOn));
        Assert.All(plan, f => Assert.Equal((FollowUpState.Planned, new DateOnly(2026, 11, 30)), (f.State, f.BaseOn)));
        Assert.Contains("年末年始", plan[0].Why);
    }

    [Fact]
    public async Task J62_what_falls_beyond_the_contract_stands_on_the_hand_over_list_and_nothing_is_mailed()
    {
        var (id, _) = await VisitedAsync("株式会社年度末", "2027-03-31");
        var plan = await PlanAsync(id);
        Assert.Equal([FollowUpState.Planned, FollowUpState.Planned, FollowUpState.HandOver], plan.Select(f => f.State));
        Assert.Equal("follow_up.outside_programme", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new PostponeFollowUp(plan[1].Id, new(2027, 4, 1), "先方都合")))).Code);

        await app.MoveClockAsync(At(1, 5, 10, year: 2027));
        await app.Send(new RaiseDueFollowUps());
        await app.MoveClockAsync(At(6, 1, 10, year: 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'follow-up-due'"));
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from follow_ups where case_id = '{id}' and kind in ('m3', 'm6') and state = 'hand_over'"));
    }

    [Fact]
    public async Task One_follow_up_that_cannot_be_raised_does_not_keep_the_others()
    {
        var (poisoned, _) = await VisitedAsync("株式会社不良");
        var (sound, _) = await VisitedAsync("株式会社健全");
        await app.SqlAsync($"alter table follow_ups add constraint poison check (case_id <> '{poisoned}' or state <> 'due')");
        await app.MoveClockAsync(At(1, 4, 10, year: 2027));
        await Assert.ThrowsAsync<PartlyDone>(() => app.Send(new RaiseDueFollowUps()));
        await app.SqlAsync("alter table follow_ups drop constraint poison");
        Assert.Equal((FollowUpState.Planned, FollowUpState.Due), ((await PlanAsync(poisoned))[0].State, (await PlanAsync(sound))[0].State));
    }

    [Fact]
    public async Task The_plan_is_suspended_while_another_visit_is_wanted_or_booked_and_then_goes_on_or_moves()
    {
        var (id, visit) = await VisitedAsync("株式会社中断");
        await app.Send(new FileReport(visit.Id, Track.Mic, "次回も必要", ReportNext.Another, Source: "口述"));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Suspended, f.State));
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "終了ではないか"));
        await app.Send(new FileReport(visit.Id, Track.Mic, "終了", ReportNext.Done, Source: "口述"));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Planned, f.State));

        var second = await app.Send(Visit(id, At(12, 10, 10)));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Suspended, f.State));
        await app.Send(new CancelVisit(second.Id, CancelledBy.Client, "急用"));
        Assert.All(await PlanAsync(id), f => Assert.Equal((FollowUpState.Planned, new DateOnly(2026, 11, 30)), (f.State, f.BaseOn)));

        var third = await app.Send(Visit(id, At(12, 11, 10)));
        await app.MoveClockAsync(At(12, 11, 12));
        await app.Send(new CompleteVisit(third.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        var moved = await PlanAsync(id);
        Assert.Equal([new(2027, 1, 12), new(2027, 3, 11), new DateOnly(2027, 6, 11)], moved.Select(f => f.DueOn));
        Assert.All(moved, f => Assert.Equal((FollowUpState.Planned, new DateOnly(2026, 12, 11)), (f.State, f.BaseOn)));
    }

    [Fact]
    public async Task A_due_follow_up_is_raised_once_and_only_while_the_desk_is_open()
    {
        var (id, _) = await VisitedAsync("株式会社期日");
        await app.MoveClockAsync(At(1, 4, 7, year: 2027));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(FollowUpState.Planned, (await PlanAsync(id))[0].State);
        await app.MoveClockAsync(At(1, 4, 9, 5, 2027));
        await Task.WhenAll(app.Send(new RaiseDueFollowUps()), app.Send(new RaiseDueFollowUps()));
        await app.Send(new RaiseDueFollowUps());
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where reference = '{id}' and template = 'follow-up-due' and body like '%令和8年11月30日%'"));

        var first = (await PlanAsync(id))[0];
        Assert.Equal(FollowUpState.Due, first.State);
        var done = await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Improved, TeleworkStatus.Trial));
        Assert.Equal(done.Version, (await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Improved, TeleworkStatus.Trial))).Version);
        Assert.Equal("follow_up.not_open", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new CompleteFollowUp(first.Id, FollowUpResult.NoAnswer)))).Code);
    }

    [Fact]
    public async Task Postponing_takes_an_open_day_that_is_not_past()
    {
        var first = (await PlanAsync((await VisitedAsync("株式会社延期")).Case))[0];
        Assert.Equal("follow_up.closed_day", await InvalidAsync(first.Id, new(2027, 1, 11)));
        Assert.Equal("follow_up.in_past", await InvalidAsync(first.Id, new(2026, 11, 27)));
        Assert.Equal("field.impossible_date", await InvalidAsync(first.Id, new(2099, 1, 5)));
        var postponed = await app.Send(new PostponeFollowUp(first.Id, new(2027, 1, 12), "先方が休み"));
        Assert.Equal((new DateOnly(2027, 1, 12), FollowUpState.Planned), (postponed.DueOn, postponed.State));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J28_one_press_puts_it_off_by_business_days_with_the_derivation()
    {
        var first = (await PlanAsync((await VisitedAsync("株式会社一押し")).Case))[0];
        var postponed = await app.Send(new PostponeFollowUp(first.Id, null, "相談者の都合", 5));
        Assert.Equal((new DateOnly(2027, 1, 12), FollowUpState.Planned), (postponed.DueOn, postponed.State));
        Assert.Contains("5営業日", postponed.Why);
        Assert.Contains("成人の日", postponed.Why);
        Assert.Equal("field.required", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PostponeFollowUp(first.Id, null, "試験")))).Errors[0].Code);
        Assert.Equal("field.out_of_range", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PostponeFollowUp(first.Id, null, "試験", 0)))).Errors[0].Code);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_full_day_spreads_to_the_nearest_open_day_with_the_reason_shown()
    {
        await app.SqlAsync("update programme_years set follow_up_daily_limit = 1 where fiscal_year = 2026");
        var first = await PlanAsync((await VisitedAsync("株式会社混雑一", month: 12, day: 7)).Case);
        var second = await PlanAsync((await VisitedAsync("株式会社混雑二", month: 12, day: 7)).Case);
        var third = await PlanAsync((await VisitedAsync("株式会社混雑三", month: 12, day: 7)).Case);
        await app.SqlAsync("update programme_years set follow_up_daily_limit = 20 where fiscal_year = 2026");
        Assert.Equal([new(2027, 1, 7), new(2027, 1, 8), new DateOnly(2027, 1, 6)], new[] { first, second, third }.Select(p => p[0].DueOn));
        Assert.Contains("上限（1件）", second[0].Why);
    }

    [Fact]
    public async Task The_list_pages_without_gaps_and_another_district_sees_nothing()
    {
        await VisitedAsync("株式会社頁");
        var whole = await app.Send(new ListFollowUps(Limit: 200));
        var paged = new List<FollowUpRow>();
        for (string? after = null; ;)
        {
            var page = await app.Send(new ListFollowUps(After: after, Limit: 2));
            paged.AddRange(page.Items);
            if ((after = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(whole.Items.Select(f => f.Id), paged.Select(f => f.Id));
        Assert.Empty((await app.Send(new ListFollowUps(Desk: "tohoku"), await app.DeskAsync("kyushu"))).Items);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ListFollowUps(After: "…")));
    }

    [Fact]
    public async Task A_case_handed_over_takes_its_follow_ups_along()
    {
        var (id, _) = await VisitedAsync("株式会社引継");
        await app.Send(new HandOverCase(id, "kanto", "移転"));
        Assert.Equal(3, (await app.Send(new ListFollowUps(Desk: "kanto"))).Items.Count(f => f.Case == id));
    }

    private async Task<string> InvalidAsync(FollowUpId id, DateOnly due) =>
        (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PostponeFollowUp(id, due, "試験")))).Errors[0].Code;

    [Fact]
    public async Task A_follow_up_passed_on_to_the_cases_expert_is_theirs_until_the_track_is_taken_back()
    {
        var (id, _) = await VisitedAsync("株式会社引受");
        var first = (await PlanAsync(id))[0];
        var expert = ExpertId.Parse((await app.SqlAsync($"select expert_id from case_tracks where case_id = '{id}'"))!.ToString()!, null);
        var (me, desk) = (await app.ExpertAsync(expert), await app.DeskAsync("tohoku"));
        Assert.Empty((await app.Send(new ListFollowUps(), me)).Items);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Improved), me));
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new AssignFollowUp(first.Id, expert), me));
        var stranger = await app.ExpertNamedAsync("無関係");
        Assert.Equal("follow_up.not_the_cases_expert", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new AssignFollowUp(first.Id, stranger), desk))).Code);

        var assigned = await app.Send(new AssignFollowUp(first.Id, expert), desk);
        Assert.Equal(assigned.Version, (await app.Send(new AssignFollowUp(first.Id, expert), desk)).Version);
        Assert.Equal(first.Id, Assert.Single((await app.Send(new ListFollowUps(), me)).Items).Id);
        await app.Send(new ReassignTrack(id, Track.Mic, stranger, "担当の変更"), await app.SupervisorAsync());
        Assert.Null((await PlanAsync(id))[0].Expert);
        Assert.Equal(2L, await app.SqlAsync($"select count(*) from audit_entry where action = 'follow_up.assigned' and subject_id = '{first.Id}'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and kind = 'follow_up_assigned' and text like '%窓口に戻す%担当が替わる%'"));

        await app.Send(new CompleteFollowUp(first.Id, FollowUpResult.Unchanged), desk);
    }

    [Fact]
    public async Task What_a_report_suspended_goes_on_when_the_report_is_sent_back_or_closed_as_not_filed()
    {
        var (id, visit) = await VisitedAsync("株式会社再開");
        await app.Send(new FileReport(visit.Id, Track.Mic, "次回も必要", ReportNext.Another, Source: "口述"));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Suspended, f.State));
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "次回は本当に要るか"));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Planned, f.State));
        await app.Send(new GiveUpReport(visit.Id, Track.Mic, "提出なし"));
        Assert.All(await PlanAsync(id), f => Assert.Equal(FollowUpState.Planned, f.State));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J60_the_next_date_of_a_followed_up_case_is_its_follow_up_also_for_another_desk()
    {
        var (id, visit) = await VisitedAsync("株式会社次日");
        await app.Send(new FileReport(visit.Id, Track.Mic, "終了", ReportNext.Done, Source: "口述"));
        var seen = await app.Send(new GetCase(id), await app.DeskAsync("kyushu"));
        Assert.Equal((true, CaseStatus.FollowingUp, (DateTimeOffset?)At(1, 4, 0, year: 2027)), (seen.Full is null, seen.Status, seen.Next));
    }
}
