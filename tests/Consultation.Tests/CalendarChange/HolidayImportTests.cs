using Consultation.Calendar;
using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CalendarChange;

/// <summary>The table of 内閣府 becomes the next version; the scenes add a day to it or take one away.</summary>
public sealed class HolidayImportTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Wednesday = new(2026, 11, 25);

    private Task<Actor> AdministratorAsync() => app.OfAsync(Role.Administrator);

    private static byte[] With(params (DateOnly Day, string Name)[] added) => Syukujitsu.File(added: added);

    private async Task<ImportedHolidays> ImportAsync(byte[] file, Actor administrator)
    {
        var preview = await app.Send(new PreviewHolidays(file), administrator);
        var done = await app.Send(new ImportHolidays(file, "syukujitsu.csv", preview.Base), administrator);
        Assert.Equal(preview.Moves?.Total ?? 0, done.Moved);
        return done;
    }

    private Task<Deadline> FirstResponseAsync(CaseId id) =>
        app.ReadAsync(db => db.Set<Deadline>().AsNoTracking().SingleAsync(d => d.CaseId == id && d.Kind == DeadlineKind.FirstResponse));

    private Task<LoggedInquiry> MailedAsync(string desk, DateTimeOffset at) => app.Send(new LogInquiry(Channel.Email, "就業規則の相談", at, Desk: desk));

    [Fact]
    public async Task J29_a_new_holiday_is_shown_first_and_moves_only_what_is_open_of_every_desk()
    {
        await app.MoveClockAsync(At(11, 24, 15));
        var (open, closed, other) = (await MailedAsync("tohoku", At(11, 24, 14)), await MailedAsync("tohoku", At(11, 24, 14)), await MailedAsync("okinawa", At(11, 24, 14)));
        await app.Send(new CloseCase(closed.Id, CaseOutcome.Answered));
        var (kept, before) = (await FirstResponseAsync(closed.Id), await FirstResponseAsync(open.Id));
        var expert = await app.ExpertNamedAsync("祝日 太郎");
        var visited = await app.HeldCaseAsync("株式会社祝日", (Track.Mic, expert));
        await app.Send(Visit(visited, At(11, 25, 10)));
        var administrator = await AdministratorAsync();

        var file = With((Wednesday, "即位の祝日"));
        var preview = await app.Send(new PreviewHolidays(file), administrator);
        Assert.Equal("即位の祝日", Assert.Single(preview.Added).Name);
        Assert.Empty(preview.Removed);
        Assert.Empty(preview.Confirmed);
        var item = Assert.Single(preview.Moves!.Moved, m => m.Number == open.Number);
        Assert.Equal(("11月25日(水) 10:00", "11月26日(木) 10:00"), (item.Was, item.Due));
        Assert.Contains("25日(水) 即位の祝日", item.Why);
        Assert.Contains(preview.Moves.Moved, m => m.Number == other.Number);
        Assert.DoesNotContain(preview.Moves.Moved, m => m.Number == closed.Number);
        Assert.Contains(preview.Moves.Staying, s => s.At == At(11, 25, 10));
        Assert.Equal(before.DueAt, (await FirstResponseAsync(open.Id)).DueAt);

        var done = await app.Send(new ImportHolidays(file, "syukujitsu.csv", preview.Base), administrator);
        Assert.Equal((preview.Base + 1, 2027, preview.Moves.Total), (done.Version, done.OfficialUntil, done.Moved));
        Assert.Equal(At(11, 26, 10), (await FirstResponseAsync(open.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));
        var ended = await FirstResponseAsync(closed.Id);
        Assert.Equal((kept.DueAt, kept.Why, kept.State, kept.EndedAt), (ended.DueAt, ended.Why, ended.State, ended.EndedAt));
        Assert.Contains("祝日の表の更新（2027年まで）のため期限を変更", (string)(await app.SqlAsync($"select text from case_history where case_id = '{open.Id}' and kind = 'deadlines_moved'"))!);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'calendar.holidays_published' and details like 'version {done.Version} until 2027 added 1 removed 0%moved {done.Moved}'"));
        // Nobody books on the new holiday, and what was booked stays.
        Assert.Equal("visit.closed_day", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Visit(visited, At(11, 25, 14))))).Code);
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await ImportAsync(Syukujitsu.File(), administrator);
        var back = await FirstResponseAsync(open.Id);
        Assert.Equal((before.DueAt, before.Why), (back.DueAt, back.Why));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task Follow_ups_move_with_a_holiday_and_back()
    {
        await app.MoveClockAsync(At(11, 16, 9));
        var expert = await app.ExpertNamedAsync("祝日 花子");
        var id = await app.HeldCaseAsync("株式会社振替", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 17, 10)));
        await app.MoveClockAsync(At(11, 17, 12));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        var administrator = await AdministratorAsync();

        await ImportAsync(With((new(2026, 12, 17), "試しの祝日")), administrator);
        Assert.Equal("2026-12-18", await app.SqlAsync($"select due_on::text from follow_ups where case_id = '{id}' and kind = 'm1'"));
        await ImportAsync(Syukujitsu.File(), administrator);
        Assert.Equal("2026-12-17", await app.SqlAsync($"select due_on::text from follow_ups where case_id = '{id}' and kind = 'm1'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task The_table_of_the_coming_year_turns_its_forecast_into_official_days()
    {
        await app.MoveClockAsync(new(2027, 3, 10, 10, 0, 0, TimeSpan.FromHours(9)));
        var administrator = await AdministratorAsync();
        var before = await app.Send(new ListClosedDays(2028), administrator);
        Assert.True(before.TableDue);
        Assert.All(before.National.Where(d => d.Kind != DayKind.YearEnd), d => Assert.True(d.IsForecast));

        var preview = await app.Send(new PreviewHolidays(Syukujitsu.File(2028)), administrator);
        Assert.Equal([2028], preview.Confirmed);
        Assert.Empty(preview.Added);
        Assert.Null(preview.Moves);
        Assert.Equal(0, (await ImportAsync(Syukujitsu.File(2028), administrator)).Moved);
        var after = await app.Send(new ListClosedDays(2028), administrator);
        Assert.False(after.TableDue);
        Assert.All(after.National, d => Assert.False(d.IsForecast));
        Assert.Equal((HolidaySource.CabinetOffice, "syukujitsu.csv", 2028), (after.Tables[0].Source, after.Tables[0].FileName, after.Tables[0].OfficialUntil));

        Assert.Equal("holidays.older", await RefusedAsync(Syukujitsu.File(2027), administrator));
        Assert.Equal("holidays.same", await RefusedAsync(Syukujitsu.File(2028), administrator));
        Assert.Equal("holidays.too_far", await RefusedAsync(Syukujitsu.File(2029), administrator));
        await app.SqlAsync("delete from holiday_tables where official_until = 2028");
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task What_is_past_is_not_taken_away_and_only_the_administrator_publishes()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        DateOnly thanks = new(2026, 11, 23);
        Assert.Equal("holidays.removes_past", await RefusedAsync(Syukujitsu.File(added: [(new(2026, 12, 9), "勤労感謝の日")], without: d => d == thanks), administrator));
        Assert.Equal("holidays.adds_past", await RefusedAsync(Syukujitsu.File(added: [(new(2026, 11, 18), "見本の日")]), administrator));
        Assert.Equal("holidays.cut_off", await RefusedAsync(Syukujitsu.File(without: d => d == thanks.AddYears(1)), administrator));
        Assert.Equal("holidays.missing", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ImportHolidays(null, null, 1), administrator))).Errors[0].Code);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new PreviewHolidays(Syukujitsu.File()), await app.SupervisorAsync()));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ImportHolidays(Syukujitsu.File(), null, 1), await app.SupervisorAsync()));
    }

    [Fact]
    public async Task What_was_looked_at_against_an_older_version_is_not_published()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        var file = With((new(2027, 3, 3), "先に"));
        var seen = await app.Send(new PreviewHolidays(file), administrator);
        await ImportAsync(With((new(2027, 3, 4), "別の")), administrator);
        Assert.Equal("holidays.newer", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ImportHolidays(file, null, seen.Base), administrator))).Code);
        await ImportAsync(Syukujitsu.File(), administrator);
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_one_is_refused()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        var (first, second) = (With((new(2027, 6, 2), "一方")), With((new(2027, 6, 3), "他方")));
        var seen = (await app.Send(new PreviewHolidays(first), administrator)).Base;
        var outcomes = await Task.WhenAll(new[] { first, second }.Select(async file =>
            await Record.ExceptionAsync(() => app.Send(new ImportHolidays(file, null, seen), administrator)) is RuleViolation refused ? refused.Code : "published"));
        Assert.Equal(["holidays.newer", "published"], outcomes.Order());
        await ImportAsync(Syukujitsu.File(), administrator);
    }

    [Fact]
    public async Task Another_process_counts_by_the_new_table_with_its_very_next_command()
    {
        await app.MoveClockAsync(At(11, 24, 16));
        await using var other = TestApp.Services(app.ConnectionString);
        var elsewhere = other.GetRequiredService<Dispatcher>();
        await elsewhere.Send(new LogInquiry(Channel.Email, "相談", Desk: "shikoku"), Actor.System("test"));
        var administrator = await AdministratorAsync();
        await ImportAsync(With((Wednesday, "臨時の祝日")), administrator);
        var logged = await elsewhere.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 16), Desk: "shikoku"), Actor.System("test"));
        Assert.Equal(At(11, 26, 12), logged.Due);
        await ImportAsync(Syukujitsu.File(), administrator);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task Commands_that_count_while_the_table_changes_all_end_by_the_new_one()
    {
        await app.MoveClockAsync(At(11, 24, 16));
        var administrator = await AdministratorAsync();
        await using var other = TestApp.Services(app.ConnectionString);
        Dispatcher[] nodes = [app.Dispatcher, other.GetRequiredService<Dispatcher>()];
        var file = With((Wednesday, "臨時の祝日"));
        var seen = await app.Send(new PreviewHolidays(file), administrator);
        var logging = Enumerable.Range(0, 24).Select(n => Task.Run(async () =>
        {
            var ids = new List<CaseId>();
            for (var i = 0; i < 4; i++)
            {
                ids.Add((await nodes[n % 2].Send(new LogInquiry(Channel.Email, $"相談 {n} {i}", At(11, 24, 15), Desk: "kinki"), Actor.System("test"))).Id);
            }

            return ids;
        })).ToList();
        await Task.WhenAny(logging);
        await app.Send(new ImportHolidays(file, null, seen.Base), administrator);
        var ids = (await Task.WhenAll(logging)).SelectMany(i => i).Select(i => $"'{i}'").ToList();
        Assert.Equal(96, ids.Count);
        // 15:00 and two hours to closing, then two more: the day after the holiday.
        Assert.Equal("96 2026-11-26 11:00", await app.SqlAsync(
            $"select count(*) || ' ' || string_agg(distinct to_char(due_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI'), ' ') from deadlines where kind = 'first_response' and case_id in ({string.Join(',', ids)})"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await ImportAsync(Syukujitsu.File(), administrator);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task Other_days_of_the_year_end_move_what_falls_on_them_from_the_next_winter_on()
    {
        await app.MoveClockAsync(At(12, 25, 16));
        var logged = await MailedAsync("tokai", At(12, 25, 16));
        Assert.Equal(At(12, 28, 12), logged.Due);
        var administrator = await AdministratorAsync();
        var preview = await app.Send(new PreviewYearEnd(28, 4), administrator);
        Assert.Equal(2026, preview.FirstWinter);
        Assert.Equal("1月5日(火) 12:00", Assert.Single(preview.Moves!.Moved, m => m.Number == logged.Number).Due);

        var done = await app.Send(new ChangeYearEnd(28, 4), administrator);
        Assert.Equal((2026, preview.Moves.Total), (done.FirstWinter, done.Moved));
        Assert.Equal(new(2027, 1, 5, 12, 0, 0, TimeSpan.FromHours(9)), (await FirstResponseAsync(logged.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal("year_end.same", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ChangeYearEnd(28, 4), administrator))).Errors[0].Code);
        Assert.Equal("field.out_of_range", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ChangeYearEnd(20, 4), administrator))).Errors[0].Code);

        // Once the winter has begun, it is the next one that can be changed.
        await app.MoveClockAsync(At(12, 28, 10));
        Assert.Equal(2027, (await app.Send(new PreviewYearEnd(29, 3), administrator)).FirstWinter);
        await app.MoveClockAsync(At(12, 25, 16));
        await app.Send(new ChangeYearEnd(29, 3), administrator);
        Assert.Equal(At(12, 28, 12), (await FirstResponseAsync(logged.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    private async Task<string> RefusedAsync(byte[] file, Actor administrator) =>
        (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PreviewHolidays(file), administrator))).Errors[0].Code;
}
