using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Staff;

namespace Consultation.Demo;

/// <summary>
/// The business days of the years that a load fills, numbered, with the programme years and calendars they fall under. Everything that has
/// happened happened on <see cref="Last"/> or before; everything still to come lies on <see cref="Free"/> or later, so that no reminder is owed yet.
/// </summary>
internal sealed class LoadDays
{
    private const int Years = 4;
    private const int Ahead = 130;
    private static readonly DateOnly FirstDesks = new(2022, 6, 13);

    private readonly List<DateOnly> days = [];
    private readonly Dictionary<int, ProgrammeYear> programmes;
    private readonly DeskBook.Snapshot desks;

    /// <exception cref="RuleViolation"><c>load.too_early</c>: the clock stands where the desks hardly exist.</exception>
    public LoadDays(DateTimeOffset now, DeskBook.Snapshot desks, IEnumerable<ProgrammeYear> known)
    {
        Now = now;
        this.desks = desks;
        var today = JapanTime.DateOf(now);
        var first = today.AddYears(-Years) > FirstDesks ? today.AddYears(-Years) : FirstDesks;
        if (first.AddMonths(6) > today)
        {
            throw new RuleViolation("load.too_early", JapaneseDate.Long(FirstDesks.AddMonths(6)));
        }

        for (var day = first; day < today.AddDays(Ahead); day = day.AddDays(1))
        {
            if (desks.National.IsBusinessDay(day))
            {
                days.Add(day);
            }
        }

        Last = days.FindLastIndex(d => d < today);
        IsOpenToday = days[Last + 1] == today;
        Free = Last + (IsOpenToday ? 3 : 2);
        programmes = known.Where(p => p.Programme == ProgrammeYear.OneStop).ToDictionary(p => p.FiscalYear);
        for (var year = FiscalYear.Of(first); year.Year <= FiscalYear.Of(days[^1]).Year; year = year.Next)
        {
            if (!programmes.ContainsKey(year.Year))
            {
                var added = new ProgrammeYear(ProgrammeYear.OneStop, year);
                programmes.Add(year.Year, added);
                Added.Add(added);
            }
        }
    }

    public DateTimeOffset Now { get; }

    /// <summary>The last business day that is wholly over.</summary>
    public int Last { get; }

    public bool IsOpenToday { get; }

    /// <summary>The first day for whose visits nobody has to be reminded today.</summary>
    public int Free { get; }

    public int Count => days.Count;

    /// <summary>Programme years that were not there yet.</summary>
    public List<ProgrammeYear> Added { get; } = [];

    public IEnumerable<ProgrammeYear> Programmes => programmes.Values;

    public DateOnly this[int day] => days[day];

    public DateTimeOffset At(int day, int minute) => JapanTime.At(days[day], new(minute / 60, minute % 60));

    /// <summary>The number of a day, or of the next business day.</summary>
    public int IndexOf(DateOnly date)
    {
        var at = days.BinarySearch(date);
        return at >= 0 ? at : ~at;
    }

    public ProgrammeYear ProgrammeOf(DateOnly day) => programmes[FiscalYear.Of(day).Year];

    public BusinessCalendar CalendarOf(Desk desk) => desks.CalendarOf(desk.Id);

    public Occasion Occasion(Desk desk, Actor actor, DateTimeOffset now) => new(actor, now, desks.CalendarOf(desk.Id), ProgrammeOf(JapanTime.DateOf(now)));
}
