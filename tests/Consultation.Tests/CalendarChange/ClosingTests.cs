using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CalendarChange;

public sealed class ClosingTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Tuesday = new(2026, 11, 24);

    private Task<Actor> AdministratorAsync() => app.OfAsync(Role.Administrator);

    private Task<LoggedInquiry> MailedAsync(string desk, int day = 20, int hour = 16, int minute = 30) =>
        app.Send(new LogInquiry(Channel.Email, "就業規則の相談", At(11, day, hour, minute), Desk: desk));

    private Task<Deadline> FirstResponseAsync(CaseId id) =>
        app.ReadAsync(db => db.Set<Deadline>().AsNoTracking().SingleAsync(d => d.CaseId == id && d.Kind == DeadlineKind.FirstResponse));

    [Theory]
    [InlineData("tohoku", null, null, "11月24日(火) 12:30", "11月25日(水) 12:30")]
    [InlineData("kinki", "12:00", "13:00", "11月24日(火) 13:30", "11月25日(水) 13:30")]
    public async Task J29_a_closure_on_the_due_date_is_shown_first_and_moves_only_what_is_open(string desk, string? lunchFrom, string? lunchTo, string was, string due)
    {
        await app.SqlAsync($"update desks set lunch_from = {(lunchFrom is null ? "null" : $"'{lunchFrom}'")}, lunch_to = {(lunchTo is null ? "null" : $"'{lunchTo}'")} where slug = '{desk}'");
        await app.MoveClockAsync(At(11, 20, 17));
        var (open, closed, elsewhere) = (await MailedAsync(desk), await MailedAsync(desk), await MailedAsync("okinawa"));
        await app.Send(new CloseCase(closed.Id, CaseOutcome.Answered));
        var kept = await FirstResponseAsync(closed.Id);
        var administrator = await AdministratorAsync();

        var preview = await app.Send(new PreviewClosing(Tuesday, desk, "設備点検"), administrator);
        var item = Assert.Single(preview.Moved, m => m.Number == open.Number);
        Assert.Equal((was, due, "初回応答"), (item.Was, item.Due, item.Kind));
        Assert.Contains("勤労感謝の日・設備点検", item.Why);
        Assert.DoesNotContain(preview.Moved, m => m.Number == closed.Number || m.Number == elsewhere.Number);
        Assert.Equal(At(11, 24, was.EndsWith("12:30") ? 12 : 13, 30), (await FirstResponseAsync(open.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));

        var done = await app.Send(new CloseDay(Tuesday, desk, "設備点検"), administrator);
        Assert.Equal(preview.Total, done.Moved);
        var moved = await FirstResponseAsync(open.Id);
        Assert.Equal(At(11, 25, due.EndsWith("12:30") ? 12 : 13, 30), moved.DueAt.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal(item.Why, moved.Why);
        var ended = await FirstResponseAsync(closed.Id);
        Assert.Equal((kept.DueAt, kept.Why, kept.State, kept.EndedAt), (ended.DueAt, ended.Why, ended.State, ended.EndedAt));
        Assert.Equal(At(11, 24, 12, 30), (await FirstResponseAsync(elsewhere.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal($"臨時休業（11月24日(火) 設備点検）のため期限を変更: 初回応答 {was} → {due}", await app.SqlAsync($"select text from case_history where case_id = '{open.Id}' and kind = 'deadlines_moved'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where subject_id = '{done.Id}' and action = 'calendar.closed' and details like '2026-11-24 {desk} %moved {done.Moved}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.Send(new ReopenDay(done.Id), administrator);
        var back = await FirstResponseAsync(open.Id);
        Assert.Equal((kept.DueAt, kept.Why), (back.DueAt, back.Why));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task Follow_ups_and_reports_of_the_day_move_and_visits_stay_and_are_named()
    {
        await app.MoveClockAsync(At(11, 16, 9));
        var expert = await app.ExpertNamedAsync("休業 太郎");
        var id = await app.HeldCaseAsync("株式会社休業日", (Track.Mic, expert));
        var visited = await app.Send(Visit(id, At(11, 17, 10)));
        await app.MoveClockAsync(At(11, 17, 12));
        await app.Send(new CompleteVisit(visited.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        // Report due 24 November, first follow-up 17 December, both on the desk's open days.
        var other = await app.HeldCaseAsync("株式会社別件", (Track.Mic, expert));
        await app.Send(Visit(other, At(12, 17, 14)));
        var administrator = await AdministratorAsync();

        var report = await app.Send(new PreviewClosing(Tuesday, null, "台風"), administrator);
        Assert.Contains(report.Moved, m => m is { Kind: "報告（総務省）", Was: "11月24日(火)", Due: "11月25日(水)" });

        var december = new DateOnly(2026, 12, 17);
        var preview = await app.Send(new PreviewClosing(december, "tohoku", "庁舎停電"), administrator);
        Assert.Contains(preview.Moved, m => m is { Kind: "1か月後フォロー", Was: "12月17日(木)", Due: "12月18日(金)" });
        Assert.Contains(preview.Staying, s => s.What == "確定した相談（Web会議）" && s.At == At(12, 17, 14));

        var done = await app.Send(new CloseDay(december, "tohoku", "庁舎停電"), administrator);
        Assert.Equal("2026-12-18", await app.SqlAsync($"select due_on::text from follow_ups where case_id = '{id}' and kind = 'm1'"));
        Assert.Equal("confirmed", await app.SqlAsync($"select state from visits where case_id = '{other}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.Send(new ReopenDay(done.Id), administrator);
        Assert.Equal("2026-12-17", await app.SqlAsync($"select due_on::text from follow_ups where case_id = '{id}' and kind = 'm1'"));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task What_a_hold_left_over_is_counted_again_from_the_resumption_and_says_so()
    {
        await app.MoveClockAsync(At(11, 20, 17));
        var logged = await MailedAsync("kanto");
        await app.MoveClockAsync(At(11, 24, 9, 30));
        await app.Send(new HoldCase(logged.Id, "資料待ち"));
        await app.MoveClockAsync(At(11, 25, 15));
        await app.Send(new ResumeCase(logged.Id));
        var resumed = await FirstResponseAsync(logged.Id);
        Assert.InRange(resumed.DueAt, At(11, 26, 9, 55), At(11, 26, 10, 5));

        await app.Send(new CloseDay(new(2026, 11, 26), "kanto", "研修"), await AdministratorAsync());
        var moved = await FirstResponseAsync(logged.Id);
        Assert.Equal(resumed.DueAt.AddDays(1), moved.DueAt);
        Assert.Equal(resumed.Why[..(resumed.Why.IndexOf('。') + 1)], moved.Why[..(moved.Why.IndexOf('。') + 1)]);
        Assert.Matches("^保留前の残り .+ を再開から数えます。11月25日\\(水\\) 15:00 受付 → .+26日\\(木\\) 研修", moved.Why);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task An_offers_answer_is_due_when_its_deadline_is()
    {
        await app.MoveClockAsync(TestApp.Start);
        var logged = await app.Send(new LogInquiry(Channel.Phone, "VPNの相談", Desk: "chugoku", Organisation: new("株式会社打診中", Prefecture: "広島県")));
        await app.Send(new RouteCase(logged.Id, [Track.Mic], Reason: "試験"));
        await app.Send(new Consultation.Routing.OfferCase(logged.Id, Track.Mic, await app.ExpertNamedAsync("打診 花子", prefecture: "34"), Reason: "試験"));
        await app.Send(new CloseDay(new(2026, 11, 25), "chugoku", "停電"), await AdministratorAsync());
        Assert.Equal(true, await app.SqlAsync($"select t.respond_by = d.due_at and d.due_at = '2026-11-27 17:00+09' from case_tracks t join deadlines d on d.case_id = t.case_id and d.kind = 'acceptance' where t.case_id = '{logged.Id}'"));
    }

    [Fact]
    public async Task Another_process_counts_by_the_new_calendar_with_its_very_next_command()
    {
        await app.MoveClockAsync(TestApp.Start);
        await using var other = TestApp.Services(app.ConnectionString);
        var elsewhere = other.GetRequiredService<Dispatcher>();
        await elsewhere.Send(new LogInquiry(Channel.Email, "相談", Desk: "shikoku"), Actor.System("test"));

        await app.Send(new CloseDay(new(2026, 11, 24), "shikoku", "停電"), await AdministratorAsync());
        var logged = await elsewhere.Send(new LogInquiry(Channel.Email, "相談", Desk: "shikoku"), Actor.System("test"));
        Assert.Equal(At(11, 25, 13), logged.Due);
    }

    [Fact]
    public async Task A_command_that_began_before_the_closure_does_not_count_by_the_old_calendar()
    {
        await app.MoveClockAsync(At(11, 24, 16, 30));
        var logged = await MailedAsync("hokkaido", 24, 16, 0);
        await app.Send(new HoldCase(logged.Id, "資料待ち"));
        await using var busy = await Blocker.OpenAsync(app, $"select 1 from cases where id = '{logged.Id}' for update");
        var resuming = app.Send(new ResumeCase(logged.Id));
        await busy.WaitedForAsync();
        var closing = app.Send(new CloseDay(new(2026, 11, 25), "hokkaido", "停電"), await AdministratorAsync());
        await busy.LetGoOnceWaitedForAsync(2);
        await resuming;
        Assert.Equal(1, (await closing).Moved);
        Assert.Equal(26, (await FirstResponseAsync(logged.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)).Day);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task A_follow_up_pushed_beyond_the_contract_comes_back_with_the_day()
    {
        await app.MoveClockAsync(At(11, 16, 9));
        await app.SqlAsync("update programme_years set last_visit_on = '2026-12-18', contract_ends_on = '2026-12-18' where fiscal_year = 2026");
        var id = await app.HeldCaseAsync("株式会社契約末", (Track.Mic, await app.ExpertNamedAsync("契約 太郎")));
        var visited = await app.Send(Visit(id, At(11, 18, 10)));
        await app.MoveClockAsync(At(11, 18, 12));
        await app.Send(new CompleteVisit(visited.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        Assert.Equal("2026-12-18 planned", await PlanAsync());

        var administrator = await AdministratorAsync();
        var closed = await app.Send(new CloseDay(new(2026, 12, 18), "tohoku", "庁舎停電"), administrator);
        Assert.Equal("2026-12-21 hand_over", await PlanAsync());
        await app.Send(new ReopenDay(closed.Id), administrator);
        Assert.Equal("2026-12-18 planned", await PlanAsync());

        closed = await app.Send(new CloseDay(new(2026, 12, 18), "tohoku", "庁舎停電"), administrator);
        await app.Send(Visit(id, At(12, 2, 10)));
        await app.Send(new ReopenDay(closed.Id), administrator);
        Assert.Equal("2026-12-18 suspended", await PlanAsync());
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.SqlAsync("update programme_years set last_visit_on = '2027-03-31', contract_ends_on = '2027-03-31' where fiscal_year = 2026");
        await app.MoveClockAsync(TestApp.Start);

        async Task<object?> PlanAsync() => await app.SqlAsync($"select due_on || ' ' || state from follow_ups where case_id = '{id}' and kind = 'm1'");
    }

    [Fact]
    public async Task What_cannot_be_closed_or_opened_is_refused_with_the_reason()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        Assert.Equal("closure.past", await InvalidAsync(new CloseDay(new(2026, 11, 20), null, "停電")));
        Assert.Equal("closure.closed_already", await InvalidAsync(new CloseDay(new(2026, 12, 30), null, "停電")));
        Assert.Equal("field.required", await InvalidAsync(new CloseDay(null, null, "停電")));
        Assert.Equal("field.required", await InvalidAsync(new CloseDay(new(2026, 12, 1), null, " ")));
        Assert.Equal("field.unknown_code", await InvalidAsync(new CloseDay(new(2026, 12, 1), "nowhere", "停電")));
        var today = await app.Send(new CloseDay(Tuesday, "hokuriku", "台風"), administrator);
        Assert.Equal("closure.closed_already", await InvalidAsync(new CloseDay(Tuesday, "hokuriku", "台風")));
        Assert.Equal("closure.begun", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ReopenDay(today.Id), administrator))).Code);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new CloseDay(new(2026, 12, 1), null, "停電"), await app.SupervisorAsync()));

        async Task<string> InvalidAsync(CloseDay request) => (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(request, administrator))).Errors[0].Code;
    }

    [Fact]
    public async Task An_offer_that_runs_out_earlier_because_a_day_was_opened_again_is_no_fault()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        var closed = await app.Send(new CloseDay(new(2026, 11, 26), "shikoku", "設備点検"), administrator);
        var id = (await app.Send(new LogInquiry(Channel.Phone, "相談したい", Desk: "shikoku"))).Id;
        await app.Send(new RouteCase(id, [Track.Mic], Reason: "試験"));
        await app.Send(new OfferCase(id, Track.Mic, await app.ExpertNamedAsync("打診 早切"), Reason: "試験"));
        await app.Send(new ReopenDay(closed.Id), administrator);
        await app.MoveClockAsync(At(11, 26, 17, 5));
        Assert.Equal(1, await app.Send(new ExpireOffers()));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }
}
