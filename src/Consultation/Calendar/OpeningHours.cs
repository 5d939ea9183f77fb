namespace Consultation.Calendar;

/// <summary>
/// The hours of a desk on an open day, half-open: at <c>Closes</c> it is closed. With a lunch break a day holds that much
/// less work. Throws <see cref="ArgumentException"/> when the times are out of order or only one end of lunch is given.
/// </summary>
public sealed record OpeningHours
{
    public OpeningHours(TimeOnly Opens, TimeOnly Closes, TimeOnly? LunchFrom = null, TimeOnly? LunchTo = null)
    {
        var lunchFits = (LunchFrom, LunchTo) switch
        {
            (null, null) => true,
            ({ } from, { } to) => Opens < from && from < to && to < Closes,
            _ => false,
        };
        if (Opens >= Closes || !lunchFits)
        {
            throw new ArgumentException("Opening hours must run forward and hold the whole lunch break.");
        }

        this.Opens = Opens;
        this.Closes = Closes;
        this.LunchFrom = LunchFrom;
        this.LunchTo = LunchTo;
    }

    public TimeOnly Opens { get; }

    public TimeOnly Closes { get; }

    public TimeOnly? LunchFrom { get; }

    public TimeOnly? LunchTo { get; }

    /// <summary>The work an open day holds.</summary>
    public TimeSpan Day => WorkBetween(TimeOnly.MinValue, TimeOnly.MaxValue);

    public bool Contains(TimeOnly time) => time >= Opens && time < Closes && !(time >= LunchFrom && time < LunchTo);

    /// <summary>The working time of one open day from one hour to a later one.</summary>
    public TimeSpan WorkBetween(TimeOnly from, TimeOnly to) =>
        LunchFrom is { } lunchFrom && LunchTo is { } lunchTo
            ? Overlap(Opens, lunchFrom, from, to) + Overlap(lunchTo, Closes, from, to)
            : Overlap(Opens, Closes, from, to);

    /// <summary>
    /// The hour at which work done from <paramref name="from"/> is finished, or null when the day holds less; then
    /// <paramref name="work"/> is what remains. Work that ends at lunch or at closing ends there, not after it.
    /// </summary>
    internal TimeOnly? Finish(TimeOnly from, ref TimeSpan work)
    {
        if (LunchFrom is { } lunchFrom && LunchTo is { } lunchTo)
        {
            return FinishIn(Opens, lunchFrom, from, ref work) ?? FinishIn(lunchTo, Closes, from, ref work);
        }

        return FinishIn(Opens, Closes, from, ref work);
    }

    private static TimeOnly? FinishIn(TimeOnly opens, TimeOnly closes, TimeOnly from, ref TimeSpan work)
    {
        var start = from > opens ? from : opens;
        if (start >= closes)
        {
            return null;
        }

        var room = closes - start;
        if (work <= room)
        {
            return start.Add(work);
        }

        work -= room;
        return null;
    }

    private static TimeSpan Overlap(TimeOnly opens, TimeOnly closes, TimeOnly from, TimeOnly to)
    {
        var start = from > opens ? from : opens;
        var end = to < closes ? to : closes;
        return end > start ? end - start : TimeSpan.Zero;
    }
}
