using Consultation.Calendar;
using Consultation.Reference;
using Consultation.Staff;

namespace Consultation.Work;

/// <summary>
/// When work that reaches people may be done: from 9:00 to 17:00 on business days of the national calendar, the desks' public hours (domain.md §1), and while
/// some desk opens on a day of its own (臨時開所). Which desks are open then is the request's business, and so are their closures.
/// </summary>
public sealed class OfficeHours(NationalCalendar national, IReadOnlyCollection<BusinessCalendar> desks)
{
    private static readonly TimeOnly Opens = new(9, 0);
    private static readonly TimeOnly Closes = new(17, 0);

    /// <summary>By the calendar that comes with the program.</summary>
    public static readonly OfficeHours Shipped = new(NationalCalendar.Shipped, []);

    public static OfficeHours Of(DeskBook.Snapshot book) => new(book.National, [.. book.Calendars.Values]);

    public bool Contains(DateTimeOffset instant)
    {
        var (day, time) = (JapanTime.DateOf(instant), JapanTime.TimeOf(instant));
        return (national.IsBusinessDay(day) && time >= Opens && time < Closes) || desks.Any(d => d.SpecialOn(day)?.Hours.Contains(time) == true);
    }

    /// <summary>The instant itself, or the next at which there are office hours.</summary>
    public DateTimeOffset From(DateTimeOffset instant)
    {
        var at = JapanTime.ToJapan(instant);
        while (!Contains(at))
        {
            var (day, time) = (JapanTime.DateOf(at), JapanTime.TimeOf(at));
            var openings = desks.Select(d => d.SpecialOn(day)).OfType<SpecialHours>().SelectMany(s => new[] { s.Hours.Opens, s.Hours.LunchTo ?? s.Hours.Opens });
            var later = (national.IsBusinessDay(day) ? openings.Append(Opens) : openings).Where(o => o > time).ToList();
            at = later.Count > 0 ? JapanTime.At(day, later.Min()) : JapanTime.At(day.AddDays(1), TimeOnly.MinValue);
        }

        return at;
    }
}
