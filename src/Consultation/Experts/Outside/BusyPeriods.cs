using Consultation.Messaging;

namespace Consultation.Experts.Outside;

/// <summary>A stretch in which somebody is busy elsewhere; UTC, half-open. Nothing else of an appointment is ever kept.</summary>
public readonly record struct BusyPeriod(DateTimeOffset From, DateTimeOffset To);

/// <summary>
/// Reads when somebody is busy out of an iCalendar text (RFC 5545): events that block (not TRANSPARENT, not CANCELLED) with their
/// repetitions and exceptions, and VFREEBUSY. Titles, places and people are passed over unread.
/// </summary>
internal static class BusyPeriods
{
    public const int Most = 5_000;

    // A file of two megabytes could ask for hundreds of millions of days.
    private const int MostSteps = 2_000_000;

    /// <returns>What lies between the two instants, in order, stretches that touch made one.</returns>
    /// <exception cref="InvalidInput">The file is broken (<c>calendar.…</c> with its line) or asks for too much (<c>calendar.too_many</c>).</exception>
    /// <param name="own">UIDs of our own visits, which stand in the diary already; an invitation that comes back is not busy elsewhere.</param>
    public static IReadOnlyList<BusyPeriod> Read(string text, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<string>? own = null)
    {
        var found = new List<BusyPeriod>();
        var steps = 0;
        foreach (var calendar in CalendarText.Read(text))
        {
            var times = new CalendarTimes(calendar);
            var events = calendar.Parts.Where(p => p.Name == "VEVENT").Select(p => CalendarEvent.Read(p, times)).Where(e => e.Uid is null || own?.Contains(e.Uid) != true).ToList();
            // Keyed once: a look through all events for each would take a minute for a full file.
            var changed = events.Where(e => e is { Replaces: not null, Uid: not null }).GroupBy(e => e.Uid!).ToDictionary(g => g.Key, g => g.Select(e => e.Replaces!.Value.Instant).ToHashSet());
            foreach (var one in events)
            {
                foreach (var period in one.Periods(one.Replaces is null && one.Uid is not null ? changed.GetValueOrDefault(one.Uid) : null, from, to, Step))
                {
                    Add(period);
                }
            }

            foreach (var line in calendar.Parts.Where(p => p.Name == "VFREEBUSY").SelectMany(p => p.All("FREEBUSY")).Where(l => l.Parameters.GetValueOrDefault("FBTYPE") is not { } kind || !kind.Equals("FREE", StringComparison.OrdinalIgnoreCase)))
            {
                foreach (var period in line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    Add(PeriodOf(line, period, times));
                }
            }
        }

        return Merged(found);

        void Step()
        {
            if (++steps > MostSteps)
            {
                throw TooMany();
            }
        }

        void Add(BusyPeriod period)
        {
            if (period.From < to && from < period.To)
            {
                found.Add(period);
                if (found.Count > Most * 10)
                {
                    throw TooMany();
                }
            }
        }
    }

    internal static BusyPeriod PeriodOf(CalendarLine line, string text, CalendarTimes times)
    {
        var ends = text.Split('/');
        if (ends.Length != 2)
        {
            throw CalendarText.Refused("calendar.time_unreadable", line.At);
        }

        var start = times.Read(line, ends[0]);
        if (ends[1].TrimStart('+').StartsWith('P'))
        {
            var (days, time) = CalendarTimes.Duration(line, ends[1]);
            return new(start.Instant.ToUniversalTime(), start.At(start.Local.AddDays(days)).ToUniversalTime() + time);
        }

        var end = times.Read(line, ends[1]);
        return end.Instant < start.Instant ? throw CalendarText.Refused("calendar.reversed", line.At) : new(start.Instant.ToUniversalTime(), end.Instant.ToUniversalTime());
    }

    private static List<BusyPeriod> Merged(List<BusyPeriod> found)
    {
        var merged = new List<BusyPeriod>();
        foreach (var period in found.Where(p => p.From < p.To).OrderBy(p => p.From))
        {
            if (merged.Count > 0 && period.From <= merged[^1].To)
            {
                merged[^1] = merged[^1] with { To = period.To > merged[^1].To ? period.To : merged[^1].To };
            }
            else
            {
                merged.Add(period);
            }
        }

        return merged.Count > Most ? throw TooMany() : merged;
    }

    private static InvalidInput TooMany() => new("file", "calendar.too_many", Most);
}

/// <summary>A VEVENT, as far as it says when.</summary>
/// <param name="Replaces">Which repetition of another event of the same UID it stands for.</param>
internal sealed record CalendarEvent(string? Uid, CalendarTime? Replaces, bool Blocks, CalendarTime Start, int Days, TimeSpan Time, IReadOnlyList<Recurrence> Rules, IReadOnlyList<CalendarTime> Except, IReadOnlyList<BusyPeriod> Besides)
{
    public static CalendarEvent Read(CalendarPart part, CalendarTimes times)
    {
        var begin = part.Find("DTSTART") ?? throw CalendarText.Refused("calendar.no_start", part.At);
        var start = times.Read(begin);
        var (days, time) = LengthOf(part, start, times);
        var besides = part.All("RDATE").SelectMany(line => line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Contains('/', StringComparison.Ordinal)
            ? BusyPeriods.PeriodOf(line, text, times) : Lasting(times.Read(line, text), days, time))).ToList();
        return new(
            part.Find("UID")?.Value.Trim(),
            part.Find("RECURRENCE-ID") is { } which ? which.Parameters.ContainsKey("RANGE") ? throw CalendarText.Refused("calendar.rule_not_read", which.At) : times.Read(which) : null,
            !Says(part, "STATUS", "CANCELLED") && !Says(part, "TRANSP", "TRANSPARENT"), start, days, time,
            [.. part.All("RRULE").Select(line => Recurrence.Read(line, times))],
            [.. part.All("EXDATE").SelectMany(line => line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => times.Read(line, text)))], besides);
    }

    /// <param name="replaced">Beginnings that another event stands for.</param>
    public IEnumerable<BusyPeriod> Periods(IReadOnlySet<DateTimeOffset>? replaced, DateTimeOffset from, DateTimeOffset to, Action step)
    {
        if (!Blocks)
        {
            yield break;
        }

        var last = to.UtcDateTime.AddDays(1);
        var days = Except.Where(e => e.IsDay).Select(e => e.Local).ToHashSet();
        var instants = Except.Where(e => !e.IsDay).Select(e => e.Instant).ToHashSet();
        var starts = Rules.Count == 0 ? [Start.Local] : Rules.SelectMany(rule => rule.Starts(Start, last, step));
        foreach (var local in starts)
        {
            step();
            var begin = Start.At(local);
            if (!days.Contains(local.Date) && !instants.Contains(begin) && replaced?.Contains(begin) != true)
            {
                yield return Lasting(Start with { Local = local }, Days, Time);
            }
        }

        foreach (var period in Besides.Where(p => !instants.Contains(p.From) && replaced?.Contains(p.From) != true))
        {
            yield return period;
        }
    }

    private static BusyPeriod Lasting(CalendarTime start, int days, TimeSpan time) =>
        new(start.Instant.ToUniversalTime(), start.At(start.Local.AddDays(days)).ToUniversalTime() + time);

    /// <summary>Whole days by the calendar, hours by the clock.</summary>
    private static (int Days, TimeSpan Time) LengthOf(CalendarPart part, CalendarTime start, CalendarTimes times)
    {
        if (part.Find("DTEND") is { } line)
        {
            var end = times.Read(line);
            if (end.Instant < start.Instant)
            {
                throw CalendarText.Refused("calendar.reversed", line.At);
            }

            return start.IsDay ? ((end.Local.Date - start.Local).Days, TimeSpan.Zero) : (0, end.Instant - start.Instant);
        }

        return part.Find("DURATION") is { } lasting ? CalendarTimes.Duration(lasting, lasting.Value) : start.IsDay ? (1, TimeSpan.Zero) : (0, TimeSpan.Zero);
    }

    private static bool Says(CalendarPart part, string name, string value) => part.Find(name)?.Value.Trim().Equals(value, StringComparison.OrdinalIgnoreCase) == true;
}
