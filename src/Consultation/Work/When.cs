using Consultation.Calendar;
using Consultation.Reference;

namespace Consultation.Work;

/// <summary>
/// When a job of the schedule is due, in Japan time by the one clock. The engine only knocks every <see cref="Beat"/> of real time; whether
/// there is anything to do is judged here, so that a demo whose clock is moved does the work of the day it shows.
/// </summary>
public sealed record When
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(2);

    private When(TimeSpan beat, bool inOfficeHours, TimeOnly? dailyAt) => (Beat, InOfficeHours, DailyAt) = (beat, inOfficeHours, dailyAt);

    public TimeSpan Beat { get; }

    public bool InOfficeHours { get; }

    public TimeOnly? DailyAt { get; }

    /// <summary>How long after its time a job is late: three beats, and two minutes at least (invariant I4); a daily one by a quarter of an hour.</summary>
    public TimeSpan Patience => DailyAt is null && 3 * Beat < LeastPatience ? LeastPatience : 3 * Beat;

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

    /// <summary>
    /// Whether a job should have run by now. Both clocks must say so: by the one clock its time is past, and by the machine's nobody has worked at it as
    /// long, so that a demo whose clock jumps has no late jobs and one that works on a long list is not late either.
    /// </summary>
    /// <param name="next">When it was to run next; null for one that never ran.</param>
    /// <param name="silence">Since its last sign of life; for one that never gave any, since the installation stands; null before.</param>
    public bool IsLate(DateTimeOffset now, DateTimeOffset? next, TimeSpan? silence, OfficeHours office) =>
        !(now - next <= Patience) && silence > Patience && (!InOfficeHours || office.Contains(now));

    private static DateTimeOffset LatestAt(TimeOnly at, DateTimeOffset now)
    {
        var today = JapanTime.At(JapanTime.DateOf(now), at);
        return today <= now ? today : today.AddDays(-1);
    }
}
