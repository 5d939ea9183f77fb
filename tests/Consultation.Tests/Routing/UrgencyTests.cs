using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Routing;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

public sealed class UrgencyTests
{
    private static readonly BusinessCalendar Calendar = new(Consultation.Calendar.NationalCalendar.Shipped, new(new(9, 0), new(17, 0)), new Dictionary<DateOnly, string>());
    private static readonly ProgrammeYear Year = new(ProgrammeYear.OneStop, new(2026));

    [Fact]
    public void J13_the_oldest_comes_first_even_where_a_younger_one_is_overdue_and_its_own_clock_has_just_begun_again()
    {
        var older = Of(Japan(11, 20, 9), Japan(11, 26, 17));
        var younger = Of(Japan(11, 20, 11), Japan(11, 23, 17));
        Assert.True(older.CompareTo(younger) < 0);
        Assert.True(older.Points > younger.Points);
        Assert.Equal([older, younger], new[] { younger, older }.Order());
    }

    [Fact]
    public void Business_days_count_and_a_long_weekend_does_not()
    {
        // Friday 9:20 to Tuesday 9:20 after the holiday of Monday.
        var urgency = Of(Japan(11, 20, 9, 20), null);
        var part = Assert.Single(urgency.Parts);
        Assert.Equal(("waiting", 100, "受付から1営業日待っています"), (part.Code, part.Points, part.Text));
    }

    [Fact]
    public void Of_two_received_at_the_same_time_the_one_with_the_nearer_deadline_comes_first()
    {
        var (overdue, today, later) = (Of(Japan(11, 20, 9), Japan(11, 23, 17)), Of(Japan(11, 20, 9), Japan(11, 24, 17)), Of(Japan(11, 20, 9), Japan(11, 25, 17)));
        Assert.True(overdue.CompareTo(today) < 0 && today.CompareTo(later) < 0);
        Assert.Contains(overdue.Parts, p => p.Text == "割当ての期限を過ぎています");
        Assert.Contains(today.Parts, p => p.Text == "割当ての期限は今日です");
        Assert.DoesNotContain(later.Parts, p => p.Code == "deadline");
    }

    [Fact]
    public void The_rural_weight_acts_only_where_it_is_set_and_is_then_a_part_of_its_own()
    {
        Assert.DoesNotContain(Of(Japan(11, 20, 9), null, "01").Parts, p => p.Code == "rural");
        var year = new ProgrammeYear(ProgrammeYear.OneStop, new(2026));
        year.Change(year.Settings with { RuralWeight = 150 });
        Assert.Contains(Of(Japan(11, 20, 9), null, "01", year).Parts, p => p is { Code: "rural", Points: 150 });
        Assert.DoesNotContain(Of(Japan(11, 20, 9), null, "13", year).Parts, p => p.Code == "rural");
        Assert.DoesNotContain(Of(Japan(11, 20, 9), null, null, year).Parts, p => p.Code == "rural");
    }

    [Fact]
    public void A_receipt_in_the_future_and_the_same_points_still_have_an_order()
    {
        var (first, second) = (Of(Japan(11, 25, 9), null), Of(Japan(11, 25, 10), null));
        Assert.Empty(first.Parts);
        Assert.Equal(0, first.Points);
        Assert.True(first.CompareTo(second) < 0);
    }

    private static Urgency Of(DateTimeOffset receivedAt, DateTimeOffset? assignBy, string? prefecture = null, ProgrammeYear? year = null) =>
        Urgency.Of(receivedAt, assignBy, prefecture, new(Actor.System("test"), Japan(11, 24, 9, 20), Calendar, year ?? Year));
}
