using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>J24: hours come from expert, programme and national calendar, never from the desk's reception hours.</summary>
public sealed class BookableTimeTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly WorkingHours[] WithLunch =
        [.. WorkingHours.Usual.SelectMany(h => new[] { h with { To = new(12, 0) }, h with { From = new(13, 0), To = new(19, 0) } })];

    [Theory]
    [InlineData("2026-09-22T10:00", 60, "visit.closed_day")]
    [InlineData("2026-09-27T10:00", 60, "visit.closed_day")]
    [InlineData("2026-09-26T10:00", 60, "visit.closed_day")]
    [InlineData("2026-12-30T10:00", 60, "visit.closed_day")]
    [InlineData("2026-09-28T12:30", 30, "visit.outside_pattern")]
    [InlineData("2026-09-28T11:30", 60, "visit.outside_pattern")]
    [InlineData("2026-09-28T16:45", 60, "visit.outside_hours")]
    [InlineData("2026-09-28T08:30", 60, "visit.outside_hours")]
    [InlineData("2026-10-01T10:00", 60, "visit.expert_absent")]
    [InlineData("2027-03-02T10:00", 60, "visit.outside_programme")]
    [InlineData("2027-02-15T10:00", 60, "visit.outside_term")]
    [InlineData("2027-04-05T10:00", 60, "programme.no_year")]
    public async Task J24_a_forbidden_period_is_refused_with_its_reason_and_never_offered(string start, int minutes, string code)
    {
        await app.MoveClockAsync(At(9, 15, 9));
        await app.SqlAsync("update programme_years set last_visit_on = '2027-02-28' where fiscal_year = 2026");
        var expert = new Expert($"規則 {start}", Affiliation.Mic, null, null, null, "04", app.Now);
        expert.Cover(true, [], [], [VisitMode.Web]);
        expert.Work(WithLunch);
        expert.Commission(new(2026, 4, 1), new(2027, 2, 12), 6);
        expert.BeAbsent(At(10, 1, 0), At(10, 2, 0), "休暇");
        await app.AddAsync(expert);
        var id = await app.HeldCaseAsync("株式会社規則", (Track.Mic, expert.Id));

        var at = DateTimeOffset.Parse($"{start}+09:00", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(code, await app.RefusedAsync(Visit(id, at, minutes)));
        var day = new DateTimeOffset(at.Date, at.Offset);
        Assert.DoesNotContain(await app.Send(new ListSlots(id, day, day.AddDays(1), VisitMode.Web, minutes)), s => s.Start == at);
        Assert.Equal("visit.mode_not_offered", await app.RefusedAsync(Visit(id, At(9, 29, 10), mode: VisitMode.Visit)));
    }

    [Fact]
    public async Task J24_half_past_twelve_is_refused_while_the_programme_has_its_lunch_from_twelve_to_one()
    {
        await app.MoveClockAsync(At(9, 15, 9));
        var id = await app.HeldCaseAsync("株式会社昼休み", (Track.Mic, await app.ExpertNamedAsync("昼休み 係")));
        await app.SqlAsync("update programme_years set lunch_from = '12:00', lunch_to = '13:00' where fiscal_year = 2026");
        Assert.Equal(["visit.lunch", "visit.lunch", "visit.lunch"], [
            await app.RefusedAsync(Visit(id, At(9, 28, 12, 30), 30)), await app.RefusedAsync(Visit(id, At(9, 28, 11, 30))), await app.RefusedAsync(Visit(id, At(9, 28, 9), 480))]);
        Assert.Equal(
            ["09:00", "09:30", "10:00", "10:30", "11:00", "13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00"],
            (await app.Send(new ListSlots(id, At(9, 28, 0), At(9, 29, 0), VisitMode.Web))).Select(Clock));
        await app.SqlAsync("update programme_years set lunch_from = null, lunch_to = null where fiscal_year = 2026");
        Assert.Contains("12:30", (await app.Send(new ListSlots(id, At(9, 28, 0), At(9, 29, 0), VisitMode.Web))).Select(Clock));
    }

    [Fact]
    public async Task A_day_with_hours_of_its_own_leaves_the_weekly_pattern_aside_and_a_stretch_may_be_for_one_way_only()
    {
        await app.MoveClockAsync(At(9, 15, 9));
        // Mondays from one o'clock by web only; never on Wednesdays.
        var expert = await app.ExpertNamedAsync("変則 係", hours: [
            new(DayOfWeek.Monday, new(9, 0), new(12, 0)), new(DayOfWeek.Monday, new(13, 0), new(17, 0), [VisitMode.Web]), new(DayOfWeek.Tuesday, new(9, 0), new(17, 0))]);
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("株式会社変則", (Track.Mic, expert));
        Assert.Equal("visit.mode_not_then", await app.RefusedAsync(Visit(id, At(9, 28, 14), mode: VisitMode.Phone)));
        Assert.Equal("visit.outside_pattern", await app.RefusedAsync(Visit(id, At(9, 28, 12), mode: VisitMode.Phone)));
        Assert.Equal(["09:00", "09:30", "10:00", "10:30", "11:00"], (await app.Send(new ListSlots(id, At(9, 28, 0), At(9, 29, 0), VisitMode.Phone))).Select(Clock));
        Assert.Contains("16:00", (await app.Send(new ListSlots(id, At(9, 28, 0), At(9, 29, 0), VisitMode.Web))).Select(Clock));

        Assert.Equal("visit.outside_pattern", await app.RefusedAsync(Visit(id, At(9, 30, 10))));
        await app.Send(new SetDayHours(expert, new(2026, 9, 30), [new(new(10, 0), new(11, 0)), new(new(11, 0), new(12, 0), [VisitMode.Web])]), me);
        var told = await app.Send(new SetDayHours(expert, new(2026, 9, 29), [new(new(15, 0), new(16, 0))]), me);
        Assert.Equal([new DayHours(new(2026, 9, 29), new(15, 0), new(16, 0))], told.Days.Take(1));
        Assert.Equal(["10:00", "10:30", "11:00"], (await app.Send(new ListSlots(id, At(9, 30, 0), At(10, 1, 0), VisitMode.Web))).Select(Clock));
        Assert.Equal(["10:00"], (await app.Send(new ListSlots(id, At(9, 30, 0), At(10, 1, 0), VisitMode.Phone))).Select(Clock));
        Assert.Equal(["15:00"], (await app.Send(new ListSlots(id, At(9, 29, 0), At(9, 30, 0), VisitMode.Web))).Select(Clock));
        Assert.Equal("visit.outside_pattern", await app.RefusedAsync(Visit(id, At(9, 29, 10))));

        await app.Send(new SetDayHours(expert, new(2026, 9, 29), []), me);
        Assert.Equal(At(9, 29, 10), (await app.Send(Visit(id, At(9, 29, 10)))).Start);
    }

    [Fact]
    public async Task Hours_of_a_day_are_refused_where_they_could_never_be_used_and_kept_where_nobody_asked_for_them()
    {
        await app.MoveClockAsync(At(9, 15, 9));
        var expert = await app.ExpertNamedAsync("日付 係");
        var me = await app.ExpertAsync(expert);
        async Task<string> Refused(DateOnly day, params WorkingStretch[] hours) =>
            (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new SetDayHours(expert, day, hours), me))).Errors[0].Code;

        Assert.Equal(
            ["expert.day_closed", "expert.day_closed", "expert.day_past", "expert.day_too_far", "expert.hours_reversed", "expert.hours_reversed", "expert.hours_overlap"],
            [await Refused(new(2026, 9, 22), new WorkingStretch(new(9, 0), new(10, 0))), await Refused(new(2026, 9, 26), new WorkingStretch(new(9, 0), new(10, 0))),
             await Refused(new(2026, 9, 14), new WorkingStretch(new(9, 0), new(10, 0))), await Refused(new(2036, 9, 16), new WorkingStretch(new(9, 0), new(10, 0))),
             await Refused(new(2026, 9, 28), new WorkingStretch(new(10, 0), new(9, 0))), await Refused(new(2026, 9, 28), new WorkingStretch(new(10, 0), new(10, 0))),
             await Refused(new(2026, 9, 28), new WorkingStretch(new(9, 0), new(11, 0)), new WorkingStretch(new(10, 30), new(12, 0)))]);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new SetDayHours(expert, new(2026, 9, 28), []), await app.ExpertAsync(await app.ExpertNamedAsync("別人 係"))));

        DayHours day = new(new(2026, 9, 29), new(15, 0), new(16, 0));
        await app.Send(new SetAvailability(expert, WorkingHours.Usual, Days: [day]), me);
        Assert.Equal([day], (await app.Send(new SetAvailability(expert, WorkingHours.Usual), me)).Days);
        Assert.Empty((await app.Send(new SetAvailability(expert, WorkingHours.Usual, Days: []), me)).Days);
    }

    [Fact]
    public void Nothing_is_offered_that_booking_refuses_as_too_far_ahead()
    {
        var now = At(6, 1, 10);
        var expert = new Expert("一年先 係", Affiliation.Mic, null, null, null, "04", now);
        expert.Cover(true, [], [], [VisitMode.Web]);
        expert.Work(WorkingHours.Usual);
        var time = new BookableTime(Consultation.Calendar.NationalCalendar.Shipped, [expert], [new ProgrammeYear(ProgrammeYear.OneStop, new FiscalYear(2027))], [], "04");
        var (from, to, hour) = (At(6, 1, 0, year: 2027), At(6, 3, 0, year: 2027), TimeSpan.FromHours(1));
        Assert.Equal([At(6, 1, 9, year: 2027), At(6, 1, 9, 30, 2027), At(6, 1, 10, year: 2027)], time.Free(from, to, hour, VisitMode.Web, now).Select(s => s.Start));
        Assert.Equal(At(6, 1, 10, year: 2027), time.Possible(from, to, hour, VisitMode.Web, now)[^1].Start);
    }

    private static string Clock(BookableSlot slot) => slot.Start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_slot_offered_can_be_booked_and_the_desks_reception_hours_do_not_matter()
    {
        await app.MoveClockAsync(At(9, 15, 9));
        await app.SqlAsync("update programme_years set visit_closes = '19:00' where fiscal_year = 2026");
        var id = await app.HeldCaseAsync("株式会社夕方", (Track.Mic, await app.ExpertNamedAsync("夕方 係", hours: WithLunch)));
        var slots = await app.Send(new ListSlots(id, At(9, 28, 0), At(9, 29, 0), VisitMode.Web));
        Assert.Equal(
            ["09:00", "09:30", "10:00", "10:30", "11:00", "13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30", "17:00", "17:30", "18:00"],
            slots.Select(s => s.Start.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(VisitState.Confirmed, (await app.Send(Visit(id, slots[^1].Start))).State);
        await app.SqlAsync("update programme_years set visit_closes = '17:00' where fiscal_year = 2026");
    }
}
