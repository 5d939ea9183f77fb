using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.Work;

/// <summary>
/// When a job of the schedule is due, in Japan time by the one clock. The engine only knocks every <see cref="Beat"/> of real time; whether
/// there is anything to do is judged here, so that a demo whose clock is moved does the work of the day it shows.
/// </summary>
public sealed record When
{
    private When(TimeSpan beat, bool inOfficeHours, TimeOnly? dailyAt) => (Beat, InOfficeHours, DailyAt) = (beat, inOfficeHours, dailyAt);

    public TimeSpan Beat { get; }

    public bool InOfficeHours { get; }

    public TimeOnly? DailyAt { get; }

    public static When Every(TimeSpan beat) => new(beat, false, null);

    /// <summary>While there are <see cref="OfficeHours"/> anywhere.</summary>
    public static When InHours(TimeSpan beat) => new(beat, true, null);

    /// <summary>Once a day from this time on; a day on which nothing was up is made good at the first knock.</summary>
    public static When Daily(TimeOnly at) => new(TimeSpan.FromMinutes(5), false, at);

    /// <param name="lastStarted">Null where it never ran; an instant ahead of now (the clock was set back) counts for nothing.</param>
    public bool IsDue(DateTimeOffset now, DateTimeOffset? lastStarted, OfficeHours office) => this switch
    {
        { DailyAt: { } at } => lastStarted is not { } last || last > now || last < LatestAt(at, now),
        { InOfficeHours: true } => office.Contains(now),
        _ => true,
    };

    /// <summary>The next instant at which it will be due, if it has just run.</summary>
    public DateTimeOffset Next(DateTimeOffset now, OfficeHours office)
    {
        if (DailyAt is { } at)
        {
            return LatestAt(at, now).AddDays(1);
        }

        var next = JapanTime.ToJapan(now + Beat);
        return InOfficeHours ? office.From(next) : next;
    }

    private static DateTimeOffset LatestAt(TimeOnly at, DateTimeOffset now)
    {
        var today = JapanTime.At(JapanTime.DateOf(now), at);
        return today <= now ? today : today.AddDays(-1);
    }
}
