using Consultation.Work;

namespace Consultation.Tests.Work;

public sealed class WhenTests
{
    [Theory]
    [InlineData("2026-11-24T09:00", true)]
    [InlineData("2026-11-24T16:59", true)]
    [InlineData("2026-11-24T08:59", false)]
    [InlineData("2026-11-24T17:00", false)]
    [InlineData("2026-11-23T10:00", false)] // 勤労感謝の日
    [InlineData("2026-11-22T10:00", false)] // 日曜日
    [InlineData("2026-12-29T10:00", false)] // 年末年始
    public void Work_of_office_hours_is_due_on_business_days_from_nine_to_five(string at, bool due) =>
        Assert.Equal(due, When.InHours(TimeSpan.FromMinutes(5)).IsDue(Japan(at), null, OfficeHours.Shipped));

    [Theory]
    [InlineData("2026-11-24T10:00", "2026-11-24T10:05")]
    [InlineData("2026-11-20T16:58", "2026-11-24T09:00")]
    [InlineData("2026-11-24T06:00", "2026-11-24T09:00")]
    public void The_next_time_of_office_hours_skips_closed_days(string now, string next) =>
        Assert.Equal(Japan(next), When.InHours(TimeSpan.FromMinutes(5)).Next(Japan(now), OfficeHours.Shipped));

    [Theory]
    [InlineData("2026-11-24T09:20", null, true)]
    [InlineData("2026-11-24T09:20", "2026-11-24T02:59", true)]
    [InlineData("2026-11-24T09:20", "2026-11-24T03:00", false)]
    [InlineData("2026-11-24T02:00", "2026-11-23T03:01", false)]
    [InlineData("2026-11-24T02:00", "2026-11-20T03:01", true)]  // four days down
    [InlineData("2026-11-24T09:20", "2027-02-01T03:00", true)]  // the clock was set back
    public void Daily_work_is_due_once_a_day_and_made_good_after_a_pause(string now, string? last, bool due) =>
        Assert.Equal(due, When.Daily(new(3, 0)).IsDue(Japan(now), last is null ? null : Japan(last), OfficeHours.Shipped));

    [Fact]
    public void Work_of_every_minute_is_due_at_every_beat()
    {
        var when = When.Every(TimeSpan.FromMinutes(1));
        Assert.True(when.IsDue(Japan("2026-11-22T03:00"), Japan("2026-11-22T03:00"), OfficeHours.Shipped));
        Assert.Equal(Japan("2026-11-22T03:01"), when.Next(Japan("2026-11-22T03:00"), OfficeHours.Shipped));
    }

    [Fact]
    public void Every_job_of_the_schedule_has_its_own_name() =>
        Assert.Equal(Schedule.Jobs.Count, Schedule.Jobs.Select(j => j.Name).Distinct().Count());

    private static DateTimeOffset Japan(string at) => DateTimeOffset.Parse($"{at}:00+09:00", System.Globalization.CultureInfo.InvariantCulture);
}
