using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.Work;

/// <summary>
/// When a job of the schedule is due, in Japan time by the one clock. The engine only knocks every <see cref="Beat"/> of real time; whether
/// there is anything to do is judged here, so that a demo whose clock is moved does the work of the day it shows.
/// </summary>
public sealed record When
{
    // The desks' public hours (domain.md §1). A single desk's own closures are the request's business.
    private static readonly TimeOnly Opens = new(9, 0);
    private static readonly TimeOnly Closes = new(17, 0);

    private When(TimeSpan beat, bool inOfficeHours, TimeOnly? dailyAt) => (Beat, InOfficeHours, DailyAt) = (beat, inOfficeHours, dailyAt);

    public TimeSpan Beat { get; }

    public bool InOfficeHours { get; }

    public TimeOnly? DailyAt { get; }

    public static When Every(TimeSpan beat) => new(beat, false, null);

    /// <summary>On business days of the national calendar from 9:00 to 17:00.</summary>
    public static When InHours(TimeSpan beat) => new(beat, true, null);

    /// <summary>Once a day from this time on; a day on which nothing was up is made good at the first knock.</summary>
    public static When Daily(TimeOnly at) => new(TimeSpan.FromMinutes(5), false, at);

    /// <param name="lastStarted">Null where it never ran; an instant ahead of now (the clock was set back) counts for nothing.</param>
    public bool IsDue(DateTimeOffset now, DateTimeOffset? lastStarted) => this switch
    {
        { DailyAt: { } at } => lastStarted is not { } last || last > now || last < LatestAt(at, now),
        { InOfficeHours: true } => IsOffice(now),
        _ => true,
    };

    /// <summary>The next instant at which it will be due, if it has just run.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        if (DailyAt is { } at)
        {
            return LatestAt(at, now).AddDays(1);
        }

        var next = JapanTime.ToJapan(now + Beat);
        while (InOfficeHours && !IsOffice(next))
        {
            var day = JapanTime.DateOf(next);
            next = JapanTime.At(JapanTime.TimeOf(next) < Opens ? day : day.AddDays(1), Opens);
        }

        return next;
    }

    private static bool IsOffice(DateTimeOffset instant) =>
        NationalCalendar.KindOf(JapanTime.DateOf(instant)) == DayKind.Business && JapanTime.TimeOf(instant) >= Opens && JapanTime.TimeOf(instant) < Closes;

    private static DateTimeOffset LatestAt(TimeOnly at, DateTimeOffset now)
    {
        var today = JapanTime.At(JapanTime.DateOf(now), at);
        return today <= now ? today : today.AddDays(-1);
    }
}
