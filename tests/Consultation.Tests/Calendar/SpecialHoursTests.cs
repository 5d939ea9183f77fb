using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.Tests.Calendar;

public sealed class SpecialHoursTests
{
    private static readonly OpeningHours s_hours = new(new(9, 0), new(17, 0));
    private static readonly OpeningHours s_withLunch = new(new(9, 0), new(17, 0), new(12, 0), new(13, 0));
    private static readonly DateOnly s_saturday = new(2026, 11, 21);
    private static readonly DateOnly s_tuesday = new(2026, 11, 24);

    /// <summary>Friday, a Saturday 10:00–15:00 with lunch 12:00–13:00, Sunday, a holiday, and a Tuesday shortened to 9:00–12:00.</summary>
    private static readonly BusinessCalendar s_special = Of(new()
    {
        [s_saturday] = new(new(new(10, 0), new(15, 0), new(12, 0), new(13, 0)), "土曜相談会"),
        [s_tuesday] = new(new(new(9, 0), new(12, 0)), "午後休業"),
    });

    private static BusinessCalendar Of(Dictionary<DateOnly, SpecialHours> special, OpeningHours? hours = null, Dictionary<DateOnly, string>? closed = null) =>
        new(NationalCalendar.Shipped, hours ?? s_hours, closed ?? [], special);

    [Theory]
    [InlineData("2026-11-20 16:30", 1, "2026-11-21 10:30")]
    [InlineData("2026-11-20 16:30", 4, "2026-11-21 14:30")] // half an hour, then 10–12 and 13–14:30
    [InlineData("2026-11-20 16:30", 5, "2026-11-24 09:30")] // the Saturday holds four hours
    [InlineData("2026-11-20 16:30", 8, "2026-11-25 09:30")] // the Tuesday three
    [InlineData("2026-11-21 08:00", 2, "2026-11-21 12:00")] // ends at lunch
    [InlineData("2026-11-21 12:30", 1, "2026-11-21 14:00")]
    [InlineData("2026-11-24 11:00", 1, "2026-11-24 12:00")] // ends at the early closing
    [InlineData("2026-11-24 13:00", 1, "2026-11-25 10:00")]
    public void Working_time_runs_in_the_hours_of_the_day(string start, int hours, string due)
    {
        Assert.Equal(At(due), s_special.AddHours(At(start), TimeSpan.FromHours(hours)).Due);
        Assert.Equal(TimeSpan.FromHours(hours), s_special.WorkBetween(At(start), At(due)));
    }

    [Fact]
    public void An_opened_saturday_is_a_business_day()
    {
        Assert.Equal(s_saturday, s_special.AddBusinessDays(new(2026, 11, 20), 1).Due);
        Assert.Equal(s_tuesday, s_special.AddBusinessDays(new(2026, 11, 20), 2).Due);
        Assert.Equal(s_saturday, s_special.AddDaysThenRoll(new(2026, 11, 14), 7).Due);
        Assert.Equal(new(2026, 11, 20), s_special.AddBusinessDays(s_tuesday, -2).Due);
        Assert.Null(s_special.ClosedReason(s_saturday));
        Assert.Equal("日曜日", s_special.ClosedReason(s_saturday.AddDays(1)));
    }

    [Fact]
    public void A_day_ends_at_its_own_closing()
    {
        Assert.Equal(At("2026-11-24 12:00"), s_special.ClosingOf(s_tuesday));
        Assert.Equal(At("2026-11-25 17:00"), s_special.ClosingOf(s_tuesday.AddDays(1)));
        Assert.Equal(At("2026-11-24 12:00"), new Counting(At("2026-11-20 10:00"), BusinessDays: 2).Due(s_special).Due);
        Assert.True(s_special.IsOpenAt(At("2026-11-21 10:00")));
        Assert.False(s_special.IsOpenAt(At("2026-11-21 12:30")));
        Assert.False(s_special.IsOpenAt(At("2026-11-24 12:00")));
    }

    [Fact]
    public void An_opening_goes_before_a_closure_and_before_a_holiday()
    {
        var holiday = new DateOnly(2026, 11, 23);
        var calendar = Of(new() { [holiday] = new(s_hours, "祝日開所"), [s_tuesday] = new(s_hours, "開所") }, closed: new() { [s_tuesday] = "設備点検" });
        Assert.True(calendar.IsOpen(holiday));
        Assert.True(calendar.IsOpen(s_tuesday));
    }

    [Fact]
    public void The_derivation_names_days_with_hours_of_their_own()
    {
        Assert.Equal(
            "11月20日(金) 16:30 受付 → 5営業時間 → 11月24日(火) 9:30（休業: 22日(日)、23日(月) 勤労感謝の日。臨時開所: 11月21日(土) 10:00〜15:00・昼休み12:00〜13:00 土曜相談会。受付時間の変更: 11月24日(火) 9:00〜12:00 午後休業）",
            s_special.AddHours(At("2026-11-20 16:30"), TimeSpan.FromHours(5)).Why);
        Assert.Contains("臨時開所: 11月21日(土)", s_special.AddBusinessDays(new(2026, 11, 20), 1).Why);
        Assert.Contains("臨時開所: 11月21日(土)", s_special.AddDaysThenRoll(new(2026, 11, 14), 7).Why);
    }

    [Fact]
    public void The_break_of_the_week_is_not_told_where_only_special_days_were_worked()
    {
        var calendar = Of(new() { [s_saturday] = new(new(new(10, 0), new(15, 0)), "土曜相談会") }, s_withLunch);
        Assert.DoesNotContain("昼休み", calendar.AddHours(At("2026-11-21 11:00"), TimeSpan.FromHours(3)).Why);
        Assert.Contains("昼休み 12:00〜13:00 を除く", calendar.AddHours(At("2026-11-20 11:00"), TimeSpan.FromHours(3)).Why);
    }

    [Fact]
    public void Other_days_of_the_year_end_hold_from_their_winter_on()
    {
        var national = NationalCalendar.Shipped.With([new(2027, 28, 4)]);
        Assert.Equal(DayKind.Business, national.KindOf(new(2026, 12, 28)));
        Assert.Equal(DayKind.Business, national.KindOf(new(2027, 1, 4)));
        Assert.Equal(DayKind.YearEnd, national.KindOf(new(2027, 12, 28)));
        Assert.Equal(DayKind.YearEnd, national.KindOf(new(2028, 1, 4)));
        Assert.Equal(DayKind.National, national.KindOf(new(2028, 1, 1)));
        Assert.Equal((29, 28), (national.YearEndOf(2026).FromDay, national.YearEndOf(2030).FromDay));
    }

    private static DateTimeOffset At(string text) => new(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(9));
}
