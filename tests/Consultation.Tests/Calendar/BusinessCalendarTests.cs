using System.Globalization;
using Consultation.Calendar;
using Consultation.Reference;
using Consultation.Tests.Reference;

namespace Consultation.Tests.Calendar;

public sealed class BusinessCalendarTests
{
    private static readonly OpeningHours s_hours = new(new TimeOnly(9, 0), new TimeOnly(17, 0));
    private static readonly OpeningHours s_withLunch = new(new TimeOnly(9, 0), new TimeOnly(17, 0), new TimeOnly(12, 0), new TimeOnly(13, 0));
    private static readonly BusinessCalendar s_plain = new(NationalCalendar.Shipped, s_hours, new Dictionary<DateOnly, string>());
    private static readonly BusinessCalendar s_lunch = new(NationalCalendar.Shipped, s_withLunch, new Dictionary<DateOnly, string>());

    public static TheoryData<string, int, string, string, string, string> Published()
    {
        var data = new TheoryData<string, int, string, string, string, string>();
        foreach (var row in Vectors.Rows("business-time-vectors.csv"))
        {
            data.Add(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2], row[3], row[4], row[5]);
        }

        return data;
    }

    public static TheoryData<string, int, string, string, string> PublishedHours() =>
        [.. Published().Select(row => row.Data).Where(row => row.Item3 == "business_hours")
            .Select(row => (row.Item1, row.Item2, row.Item4, row.Item5, row.Item6))];

    [Fact]
    public void The_vector_file_is_read_whole() => Assert.Equal(31, Published().Count);

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_vectors_hold(string start, int amount, string unit, string lunch, string closures, string expected)
    {
        Assert.True(lunch is "" or "12:00-13:00");
        var closed = closures.Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(Date, _ => "臨時休業");
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, lunch.Length == 0 ? s_hours : s_withLunch, closed);
        var due = unit switch
        {
            "business_hours" => Text(calendar.AddHours(Instant(start), TimeSpan.FromHours(amount)).Due),
            "business_days" => Text(calendar.AddBusinessDays(Date(start), amount).Due),
            "calendar_days_then_roll" => Text(calendar.AddDaysThenRoll(Date(start), amount).Due),
            "months_then_roll" => Text(calendar.AddMonthsThenRoll(Date(start), amount).Due),
            _ => throw new ArgumentException(unit),
        };
        Assert.Equal(expected, due);
    }

    [Theory]
    [MemberData(nameof(PublishedHours))]
    public void Working_time_between_start_and_due_is_the_amount(string start, int amount, string lunch, string closures, string expected)
    {
        var closed = closures.Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(Date, _ => "臨時休業");
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, lunch.Length == 0 ? s_hours : s_withLunch, closed);
        Assert.Equal(TimeSpan.FromHours(amount), calendar.WorkBetween(Instant(start), Instant(expected)));
        Assert.Equal(TimeSpan.FromHours(-amount), calendar.WorkBetween(Instant(expected), Instant(start)));
    }

    [Theory]
    [InlineData("2026-11-20T08:59", false)]
    [InlineData("2026-11-20T09:00", true)]
    [InlineData("2026-11-20T16:59", true)]
    [InlineData("2026-11-20T17:00", false)]
    [InlineData("2026-11-21T10:00", false)]
    [InlineData("2026-11-23T10:00", false)]
    [InlineData("2026-12-29T10:00", false)]
    public void Hours_are_half_open(string instant, bool open) => Assert.Equal(open, s_plain.IsOpenAt(Instant(instant)));

    [Theory]
    [InlineData("2026-11-20T11:59", true)]
    [InlineData("2026-11-20T12:00", false)]
    [InlineData("2026-11-20T12:59", false)]
    [InlineData("2026-11-20T13:00", true)]
    public void Lunch_is_closed(string instant, bool open) => Assert.Equal(open, s_lunch.IsOpenAt(Instant(instant)));

    [Fact]
    public void Openness_is_judged_in_Japan_whatever_the_offset()
    {
        Assert.True(s_plain.IsOpenAt(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(s_plain.IsOpenAt(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero)));
        var due = s_plain.AddHours(new DateTimeOffset(2026, 11, 20, 7, 30, 0, TimeSpan.Zero), TimeSpan.FromHours(4)).Due;
        Assert.Equal(TimeSpan.FromHours(9), due.Offset);
        Assert.Equal("2026-11-24T12:30", Text(due));
    }

    [Fact]
    public void A_closure_closes_an_open_day_and_gives_its_reason()
    {
        var day = new DateOnly(2026, 11, 24);
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, s_hours, new Dictionary<DateOnly, string> { [day] = "台風", [day.AddDays(-1)] = "台風", [day.AddDays(1)] = " " });
        Assert.False(calendar.IsOpen(day));
        Assert.Equal("台風", calendar.ClosedReason(day));
        Assert.Equal("勤労感謝の日", calendar.ClosedReason(day.AddDays(-1)));
        Assert.Equal("臨時休業", calendar.ClosedReason(day.AddDays(1)));
        Assert.Equal("日曜日", calendar.ClosedReason(day.AddDays(-2)));
        Assert.Null(calendar.ClosedReason(day.AddDays(2)));
        Assert.Equal(new DateOnly(2026, 11, 26), calendar.Roll(day).Due);
    }

    [Fact]
    public void Zero_hours_are_due_at_the_next_open_moment()
    {
        Assert.Equal("2026-11-20T10:00", Text(s_plain.AddHours(Instant("2026-11-20T10:00"), TimeSpan.Zero).Due));
        Assert.Equal("2026-11-24T09:00", Text(s_plain.AddHours(Instant("2026-11-20T17:00"), TimeSpan.Zero).Due));
        Assert.Equal("2026-11-20T13:00", Text(s_lunch.NextOpen(Instant("2026-11-20T12:10"))));
    }

    [Fact]
    public void A_negative_amount_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_plain.AddHours(Instant("2026-11-20T10:00"), TimeSpan.FromMinutes(-1)));

    [Fact]
    public void Business_days_count_back_too_and_zero_rolls()
    {
        Assert.Equal(new DateOnly(2026, 11, 20), s_plain.AddBusinessDays(new DateOnly(2026, 11, 24), -1).Due);
        Assert.Equal(new DateOnly(2026, 12, 28), s_plain.AddBusinessDays(new DateOnly(2027, 1, 4), -1).Due);
        Assert.Equal(new DateOnly(2026, 11, 24), s_plain.AddBusinessDays(new DateOnly(2026, 11, 21), 0).Due);
        Assert.Equal(new DateOnly(2026, 11, 20), s_plain.AddBusinessDays(new DateOnly(2026, 11, 20), 0).Due);
    }

    [Fact]
    public void Opening_and_closing_are_instants_in_Japan()
    {
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero), s_plain.OpeningOf(new DateOnly(2026, 11, 24)));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero), s_plain.ClosingOf(new DateOnly(2026, 11, 24)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Walking_days_agrees_with_counting_minutes(int seed)
    {
        var random = new Random(seed);
        var calendar = new BusinessCalendar(NationalCalendar.Shipped, s_withLunch, new Dictionary<DateOnly, string> { [new DateOnly(2026, 12, 24)] = "設備点検" });
        for (var i = 0; i < 20; i++)
        {
            var start = Instant("2026-11-20T00:00").AddMinutes(random.Next(60 * 24 * 60));
            var minutes = random.Next(1, 3000);
            var due = calendar.AddHours(start, TimeSpan.FromMinutes(minutes)).Due;
            Assert.Equal(due, ByMinutes(calendar, start, minutes));
            Assert.Equal(TimeSpan.FromMinutes(minutes), calendar.WorkBetween(start, due));
        }
    }

    [Theory]
    [InlineData("17:00", "09:00", null, null)]
    [InlineData("09:00", "09:00", null, null)]
    [InlineData("09:00", "17:00", "12:00", null)]
    [InlineData("09:00", "17:00", null, "13:00")]
    [InlineData("09:00", "17:00", "13:00", "12:00")]
    [InlineData("09:00", "17:00", "08:00", "10:00")]
    [InlineData("09:00", "17:00", "16:00", "17:00")]
    public void Impossible_hours_are_refused(string opens, string closes, string? lunchFrom, string? lunchTo) =>
        Assert.Throws<ArgumentException>(() => new OpeningHours(
            TimeOnly.Parse(opens, CultureInfo.InvariantCulture),
            TimeOnly.Parse(closes, CultureInfo.InvariantCulture),
            lunchFrom is null ? null : TimeOnly.Parse(lunchFrom, CultureInfo.InvariantCulture),
            lunchTo is null ? null : TimeOnly.Parse(lunchTo, CultureInfo.InvariantCulture)));

    [Fact]
    public void A_day_with_lunch_holds_seven_hours()
    {
        Assert.Equal(TimeSpan.FromHours(8), s_hours.Day);
        Assert.Equal(TimeSpan.FromHours(7), s_withLunch.Day);
    }

    // A slow and obvious reading of the rule: count open minutes one by one; the end of the last one is due.
    private static DateTimeOffset ByMinutes(BusinessCalendar calendar, DateTimeOffset start, int minutes)
    {
        for (var at = start; ; at = at.AddMinutes(1))
        {
            minutes -= calendar.IsOpenAt(at) ? 1 : 0;
            if (minutes == 0)
            {
                return at.AddMinutes(1);
            }
        }
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) =>
        new(DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture), JapanTime.Offset);

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
