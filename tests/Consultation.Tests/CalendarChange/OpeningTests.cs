using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Work;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.CalendarChange;

public sealed class OpeningTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Saturday = new(2026, 11, 28);

    private Task<Actor> AdministratorAsync() => app.OfAsync(Role.Administrator);

    private static DayHoursOf Day(DateOnly on, string? desk, int opens = 10, int closes = 15, string reason = "土曜相談会") => new(on, desk, new(opens, 0), new(closes, 0), null, null, reason);

    private Task<Deadline> FirstResponseAsync(CaseId id) =>
        app.ReadAsync(db => db.Set<Deadline>().AsNoTracking().SingleAsync(d => d.CaseId == id && d.Kind == DeadlineKind.FirstResponse));

    [Fact]
    public async Task A_saturday_that_opens_brings_dates_forward_and_taking_it_back_brings_them_back()
    {
        await app.MoveClockAsync(At(11, 27, 16));
        var (open, closed, elsewhere) = (await MailedAsync("tohoku"), await MailedAsync("tohoku"), await MailedAsync("okinawa"));
        await app.Send(new CloseCase(closed.Id, CaseOutcome.Answered));
        var (kept, before) = (await FirstResponseAsync(closed.Id), await FirstResponseAsync(open.Id));
        var administrator = await AdministratorAsync();

        var preview = await app.Send(new PreviewOpening(Day(Saturday, "tohoku")), administrator);
        var item = Assert.Single(preview.Moved, m => m.Number == open.Number);
        Assert.Equal(("11月30日(月) 12:00", "11月28日(土) 13:00"), (item.Was, item.Due));
        Assert.Contains("臨時開所: 11月28日(土) 10:00〜15:00 土曜相談会", item.Why);
        Assert.DoesNotContain(preview.Moved, m => m.Number == closed.Number || m.Number == elsewhere.Number);

        var done = await app.Send(new OpenDay(Day(Saturday, "tohoku")), administrator);
        Assert.Equal(preview.Total, done.Moved);
        Assert.Equal(At(11, 28, 13), (await FirstResponseAsync(open.Id)).DueAt.ToOffset(TimeSpan.FromHours(9)));
        Assert.Equal((kept.DueAt, kept.Why), ((await FirstResponseAsync(closed.Id)).DueAt, (await FirstResponseAsync(closed.Id)).Why));
        Assert.Equal("臨時開所（11月28日(土) 10:00〜15:00 土曜相談会）のため期限を変更: 初回応答 11月30日(月) 12:00 → 11月28日(土) 13:00",
            await app.SqlAsync($"select text from case_history where case_id = '{open.Id}' and kind = 'deadlines_moved'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where subject_id = '{done.Id}' and action = 'calendar.opened'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        Assert.Equal("opening.exists", await InvalidAsync(new OpenDay(Day(Saturday, "tohoku", 9)), administrator));
        Assert.Equal("closure.opening_there", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new CloseDay(Saturday, "tohoku", "停電"), administrator))).Errors[0].Code);

        await app.Send(new WithdrawOpening(done.Id), administrator);
        var back = await FirstResponseAsync(open.Id);
        Assert.Equal((before.DueAt, before.Why), (back.DueAt, back.Why));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task Hours_given_to_a_working_day_are_in_the_way_of_a_table_that_closes_it_and_an_opening_of_a_closed_day_is_not()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (day, administrator) = (new DateOnly(2026, 12, 1), await AdministratorAsync());
        var shortened = await app.Send(new OpenDay(Day(day, "tohoku", reason: "停電")), administrator);
        var extra = await app.Send(new OpenDay(Day(Saturday, null)), administrator);
        // One desk otherwise than all: nobody's working day either.
        var own = await app.Send(new OpenDay(Day(Saturday, "okinawa", 13, 16)), administrator);
        var file = Syukujitsu.File(added: [(day, "即位の祝日"), (Saturday, "翌々日の祝日")]);
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PreviewHolidays(file), administrator));
        var fault = Assert.Single(refused.Errors);
        Assert.Equal(("file", "opening.in_the_way"), (fault.Field, fault.Code));
        Assert.Contains("2026年12月1日(火)（即位の祝日）の東北窓口 10:00〜15:00", fault.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("11月28日", fault.Text, StringComparison.Ordinal);
        Assert.Equal("opening.in_the_way", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ImportHolidays(file, "syukujitsu.csv", 1), administrator))).Errors[0].Code);

        await app.Send(new WithdrawOpening(shortened.Id), administrator);
        var preview = await app.Send(new PreviewHolidays(file), administrator);
        await app.Send(new ImportHolidays(file, "syukujitsu.csv", preview.Base), administrator);
        Assert.Contains((await app.Send(new ListClosedDays(2026), administrator)).National, d => d.On == day);
        var later = await app.Send(new OpenDay(Day(day, "tohoku", reason: "祝日の相談会")), administrator);

        // An opening that somebody decided for a closing day stays, whatever the table says of other days.
        await app.Send(new ImportHolidays(Syukujitsu.File(added: [(day, "即位の日")]), "syukujitsu.csv", preview.Base + 1), administrator);
        await app.Send(new WithdrawOpening(later.Id), administrator);
        await app.Send(new ImportHolidays(Syukujitsu.File(), "syukujitsu.csv", preview.Base + 2), administrator);
        await app.Send(new WithdrawOpening(own.Id), administrator);
        await app.Send(new WithdrawOpening(extra.Id), administrator);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Hours_given_to_a_working_day_are_in_the_way_of_other_days_of_the_year_end()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        var shortened = await app.Send(new OpenDay(Day(new(2026, 12, 28), null, 9, 12, "御用納め")), administrator);
        var fault = (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PreviewYearEnd(28, 3), administrator))).Errors[0];
        Assert.Equal(("fromDay", "opening.in_the_way"), (fault.Field, fault.Code));
        Assert.Contains("（年末年始）のすべての窓口 9:00〜12:00", fault.Text, StringComparison.Ordinal);
        Assert.Equal("opening.in_the_way", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ChangeYearEnd(28, 3), administrator))).Errors[0].Code);
        await app.Send(new WithdrawOpening(shortened.Id), administrator);
        Assert.Equal(2026, (await app.Send(new PreviewYearEnd(28, 3), administrator)).FirstWinter);
    }

    [Fact]
    public async Task A_shortened_day_ends_what_is_due_by_day_at_its_own_closing()
    {
        await app.MoveClockAsync(At(11, 24, 10));
        var logged = await app.Send(new LogInquiry(Channel.Phone, "相談", Desk: "chugoku"));
        await app.Send(new RouteCase(logged.Id, [Consultation.Topics.Track.Mic], Reason: "試験"));
        var administrator = await AdministratorAsync();
        var day = Day(new(2026, 11, 25), "chugoku", 9, 12, "午後休業");
        var item = Assert.Single((await app.Send(new PreviewOpening(day), administrator)).Moved, m => m.Number == logged.Number);
        Assert.Equal(("11月25日(水) 17:00", "11月25日(水) 12:00"), (item.Was, item.Due));
        await app.Send(new OpenDay(day), administrator);
        Assert.Equal("2026-11-25 12:00", await app.SqlAsync($"select to_char(due_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI') from deadlines where case_id = '{logged.Id}' and kind = 'assignment'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task What_a_desk_decided_for_itself_goes_before_what_holds_for_all()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        var day = new DateOnly(2026, 12, 5);
        await app.Send(new OpenDay(Day(day, null)), administrator);
        await app.Send(new CloseDay(day, "hokkaido", "大雪"), administrator);
        await app.Send(new OpenDay(Day(day, "okinawa", 13, 16, "午後だけ")), administrator);
        var monday = new DateOnly(2026, 12, 7);
        await app.Send(new CloseDay(monday, null, "全館停電"), administrator);
        await app.Send(new OpenDay(Day(monday, "okinawa", 9, 17, "別の庁舎")), administrator);

        await app.MoveClockAsync(At(12, 4, 17));
        Assert.Equal(At(12, 5, 14), (await MailedAsync("tohoku", 12, 4, 17)).Due);
        Assert.Equal(At(12, 8, 13), (await MailedAsync("hokkaido", 12, 4, 17)).Due);
        Assert.Equal(At(12, 7, 10), (await MailedAsync("okinawa", 12, 4, 17)).Due);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task What_cannot_be_opened_is_refused_with_the_reason()
    {
        await app.MoveClockAsync(TestApp.Start);
        var administrator = await AdministratorAsync();
        Assert.Equal("opening.begun_day", await InvalidAsync(new OpenDay(Day(new(2026, 11, 24), null)), administrator));
        Assert.Equal("opening.nothing", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), null, 9, 17)), administrator));
        Assert.Equal("desk.hours_backward", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), null, 15, 10)), administrator));
        Assert.Equal("desk.lunch_outside", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), null) with { LunchFrom = new(12, 0) }), administrator));
        Assert.Equal("field.required", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), null) with { Opens = null }), administrator));
        Assert.Equal("field.required", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), null, reason: " ")), administrator));
        Assert.Equal("field.unknown_code", await InvalidAsync(new OpenDay(Day(new(2026, 12, 1), "nowhere")), administrator));
        var closed = new DateOnly(2026, 12, 2);
        await app.Send(new CloseDay(closed, "kinki", "停電"), administrator);
        Assert.Equal("opening.closed_there", await InvalidAsync(new OpenDay(Day(closed, "kinki")), administrator));
        var opened = await app.Send(new OpenDay(Day(new(2026, 12, 12), "kinki")), administrator);
        await app.MoveClockAsync(At(12, 12, 8));
        Assert.Equal("opening.begun", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new WithdrawOpening(opened.Id), administrator))).Code);
        await app.MoveClockAsync(TestApp.Start);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new OpenDay(Day(Saturday, null)), await app.SupervisorAsync()));
    }

    [Fact]
    public async Task Work_of_office_hours_is_due_on_a_saturday_on_which_a_desk_opens()
    {
        await app.MoveClockAsync(TestApp.Start);
        var saturday = new DateOnly(2026, 12, 19);
        await app.Send(new OpenDay(Day(saturday, "shikoku")), await AdministratorAsync());
        var book = await app.ReadAsync(db => new DeskBook(null!, TimeProvider.System).LoadAsync(db, default));
        var office = OfficeHours.Of(book);
        var when = When.InHours(TimeSpan.FromMinutes(5));
        Assert.False(when.IsDue(At(12, 19, 9, 30), null, office));
        Assert.True(when.IsDue(At(12, 19, 10, 0), null, office));
        Assert.False(when.IsDue(At(12, 19, 15, 0), null, office));
        Assert.Equal(At(12, 19, 10), when.Next(At(12, 18, 17), office));
        Assert.Equal(At(12, 21, 9), when.Next(At(12, 19, 14, 58), office));
    }

    private Task<LoggedInquiry> MailedAsync(string desk, int month = 11, int day = 27, int hour = 16) =>
        app.Send(new LogInquiry(Channel.Email, "就業規則の相談", At(month, day, hour), Desk: desk));

    private async Task<string> InvalidAsync(OpenDay request, Actor administrator) => (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(request, administrator))).Errors[0].Code;
}
