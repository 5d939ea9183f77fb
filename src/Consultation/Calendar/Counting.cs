using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>
/// What a time limit counts – an amount of working time, business days or calendar days from an instant – kept beside the limit so that it
/// can be counted again when the calendar of a desk changes (journey J29). Days end at closing; calendar days roll forward to an open day.
/// </summary>
public sealed record Counting(DateTimeOffset From, TimeSpan? Work = null, int? BusinessDays = null, int? CalendarDays = null)
{
    /// <summary>The instant and its derivation by a calendar.</summary>
    public DueInstant Due(BusinessCalendar calendar)
    {
        if (Work is { } work)
        {
            return calendar.AddHours(From, work) with { Counting = this };
        }

        var start = JapanTime.DateOf(From);
        var due = BusinessDays is { } days ? calendar.AddBusinessDays(start, days) : calendar.AddDaysThenRoll(start, CalendarDays ?? 0);
        return new(calendar.ClosingOf(due.Due), due.Why, this);
    }
}
