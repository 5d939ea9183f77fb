using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.Tests.Calendar;

public sealed class DerivationTests
{
    private static readonly OpeningHours s_hours = new(new TimeOnly(9, 0), new TimeOnly(17, 0));
    private static readonly OpeningHours s_withLunch = new(new TimeOnly(9, 0), new TimeOnly(17, 0), new TimeOnly(12, 0), new TimeOnly(13, 0));
    private static readonly BusinessCalendar s_calendar = new(NationalCalendar.Shipped, s_hours, new Dictionary<DateOnly, string>());

    [Fact]
    public void Skipped_days_are_named() =>
        Assert.Equal(
            "11月20日(金) 16:30 受付 → 4営業時間 → 11月24日(火) 12:30（休業: 21日(土)、22日(日)、23日(月) 勤労感謝の日）",
            s_calendar.AddHours(At(2026, 11, 20, 16, 30), TimeSpan.FromHours(4)).Why);

    [Fact]
    public void Nothing_skipped_leaves_no_brackets() =>
        Assert.Equal(
            "11月24日(火) 9:20 受付 → 1営業時間30分 → 11月24日(火) 10:50",
            s_calendar.AddHours(At(2026, 11, 24, 9, 20), TimeSpan.FromMinutes(90)).Why);

    [Fact]
    public void Receipt_outside_hours_says_when_the_clock_starts()
    {
        Assert.Equal(
            "11月22日(日) 10:00 受付 → 受付時間外のため 11月24日(火) 9:00 から → 4営業時間 → 11月24日(火) 13:00（休業: 22日(日)、23日(月) 勤労感謝の日）",
            s_calendar.AddHours(At(2026, 11, 22, 10, 0), TimeSpan.FromHours(4)).Why);
        Assert.Equal(
            "11月20日(金) 8:15 受付 → 受付時間外のため 9:00 から → 4営業時間 → 11月20日(金) 13:00",
            s_calendar.AddHours(At(2026, 11, 20, 8, 15), TimeSpan.FromHours(4)).Why);
    }

    [Fact]
    public void A_long_closure_is_one_range_and_a_new_year_is_said() =>
        Assert.Equal(
            "12月28日(月) 15:00 受付 → 4営業時間 → 2027年1月4日(月) 11:00（休業: 12月29日(火)〜1月3日(日) 年末年始）",
            s_calendar.AddHours(At(2026, 12, 28, 15, 0), TimeSpan.FromHours(4)).Why);

    [Fact]
    public void Golden_week_names_each_holiday_once() =>
        Assert.Equal(
            "5月1日(金) → 1営業日 → 5月7日(木)（休業: 2日(土)〜6日(水) 憲法記念日・みどりの日・こどもの日・振替休日）",
            s_calendar.AddBusinessDays(new DateOnly(2026, 5, 1), 1).Why);

    [Fact]
    public void Lunch_is_mentioned_when_it_lengthened_the_wait()
    {
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, s_withLunch, new Dictionary<DateOnly, string>());
        Assert.Equal(
            "11月24日(火) 10:00 再開 → 3営業時間 → 11月24日(火) 14:00（昼休み 12:00〜13:00 を除く）",
            calendar.AddHours(At(2026, 11, 24, 10, 0), TimeSpan.FromHours(3), "再開").Why);
        Assert.Equal(
            "11月24日(火) 11:00 受付 → 1営業時間 → 11月24日(火) 12:00",
            calendar.AddHours(At(2026, 11, 24, 11, 0), TimeSpan.FromHours(1)).Why);
    }

    [Fact]
    public void A_special_closure_gives_its_reason()
    {
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, s_hours, new Dictionary<DateOnly, string> { [new DateOnly(2026, 11, 24)] = "臨時休業（大雪）" });
        Assert.Equal(
            "11月20日(金) → 1営業日 → 11月25日(水)（休業: 21日(土)〜24日(火) 勤労感謝の日・臨時休業（大雪））",
            calendar.AddBusinessDays(new DateOnly(2026, 11, 20), 1).Why);
    }

    [Fact]
    public void Rolling_says_the_target_and_the_next_open_day() =>
        Assert.Equal(
            "11月16日(月) 第1回の終了 → 7日後 11月23日(月) → 次の受付日 11月24日(火)（休業: 23日(月) 勤労感謝の日）",
            s_calendar.AddDaysThenRoll(new DateOnly(2026, 11, 16), 7, "第1回の終了").Why);

    [Fact]
    public void No_roll_ends_at_the_target() =>
        Assert.Equal("11月17日(火) → 7日後 11月24日(火)", s_calendar.AddDaysThenRoll(new DateOnly(2026, 11, 17), 7).Why);

    [Fact]
    public void Months_cut_to_the_month_end_then_roll() =>
        Assert.Equal(
            "11月30日(月) → 3か月後 2027年2月28日(日) → 次の受付日 3月1日(月)（休業: 28日(日)）",
            s_calendar.AddMonthsThenRoll(new DateOnly(2026, 11, 30), 3).Why);

    [Fact]
    public void Many_weekends_are_counted_and_holidays_still_named() =>
        Assert.Equal(
            "11月2日(月) → 20営業日 → 12月2日(水)（休業: 3日(火) 文化の日、23日(月) 勤労感謝の日、ほか土日8日）",
            s_calendar.AddBusinessDays(new DateOnly(2026, 11, 2), 20).Why);

    [Fact]
    public void Counting_back_says_so() =>
        Assert.Equal(
            "11月24日(火) → 1営業日前 → 11月20日(金)（休業: 21日(土)、22日(日)、23日(月) 勤労感謝の日）",
            s_calendar.AddBusinessDays(new DateOnly(2026, 11, 24), -1).Why);

    [Theory]
    [InlineData(240, "4営業時間")]
    [InlineData(460, "7営業時間40分")]
    [InlineData(40, "40分")]
    [InlineData(0, "0分")]
    [InlineData(-90, "1営業時間30分")]
    public void Working_time_is_said_in_hours_and_minutes(int minutes, string words) =>
        Assert.Equal(words, BusinessCalendar.DurationText(TimeSpan.FromMinutes(minutes)));

    private static DateTimeOffset At(int year, int month, int day, int hour, int minute) =>
        JapanTime.At(new DateOnly(year, month, day), new TimeOnly(hour, minute));
}
