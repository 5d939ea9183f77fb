using Consultation.Reference;

namespace Consultation.Experts;

/// <summary>What an expert's rows block once a stretch of the diary is free, and between which two visits nobody gets in time.</summary>
/// <param name="Changed">The rows that block something else than before.</param>
/// <param name="Before">Null with <paramref name="After"/> where both are reached.</param>
internal sealed record ClosedGap(IReadOnlyList<BusyTime> Changed, BusyTime? Before, BusyTime? After);

/// <summary>
/// The way from one visit on site to the next when what stood between them has gone: home and out again where there is time for it, else straight
/// on. Nobody travels during a talk from afar; the way then lies behind the talk, or before it, and the talk's row carries it. Pure.
/// </summary>
internal static class WayBetween
{
    /// <param name="home">Where the expert lives; JIS code or name.</param>
    /// <param name="rows">Everything that blocks this expert, in order of time, without what has gone.</param>
    /// <param name="at">When the stretch began that is free now.</param>
    /// <param name="now">Who was to go straight on, and is still where the visit before was, goes from there now and no earlier.</param>
    public static ClosedGap Close(string? home, IReadOnlyList<BusyTime> rows, DateTimeOffset at, DateTimeOffset now)
    {
        var (first, last) = (-1, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Prefecture is not null)
            {
                (first, last) = rows[i].Starts < at ? (i, last) : (first, Math.Min(last, i));
            }
        }

        var (before, after) = (first >= 0 ? rows[first] : null, last < rows.Count ? rows[last] : null);
        var talks = rows.Skip(first + 1).Take(last - first - 1).ToList();
        var ways = Ways(home, before, talks, after, now);
        if (ways is null)
        {
            return new([], before, after);
        }

        // Where a site stands, only the side towards the gap is looked at.
        var blocks = new List<BusyTime>();
        if (before is not null)
        {
            blocks.Add(before with { To = ways[0].To });
        }

        blocks.AddRange(talks.Select((talk, i) => talk with { From = ways[i + 1].From, To = ways[i + 1].To }));
        if (after is not null)
        {
            blocks.Add(after with { From = ways[^1].From });
        }

        return new([.. blocks.Except(rows)], null, null);
    }

    /// <summary>
    /// From when to when each row blocks: the site before, the talks, the site after, in this order; a site that is missing counts as a point at the
    /// end of time. Null where nobody gets from one site to the other.
    /// </summary>
    private static (DateTimeOffset From, DateTimeOffset To)[]? Ways(string? home, BusyTime? before, List<BusyTime> talks, BusyTime? after, DateTimeOffset now)
    {
        var behind = talks.Count + 1;
        (DateTimeOffset From, DateTimeOffset To)[] bare =
            [(before?.From ?? DateTimeOffset.MinValue, before?.Ends ?? DateTimeOffset.MinValue), .. talks.Select(t => (t.Starts, t.Ends)), (after?.Starts ?? DateTimeOffset.MaxValue, after?.To ?? DateTimeOffset.MaxValue)];
        var off = before is null ? [] : SetsOff([before, .. talks], bare[1..], now);
        for (var back = 0; back < behind; back++)
        {
            var ways = bare.ToArray();
            if (before is not null && back > 0)
            {
                // Whoever talks next packs up first, where the talk leaves time for it.
                ways[0].To = Earlier(ways[0].To + Travel.Slack, ways[1].From);
            }

            if (before is not null)
            {
                ways[back].To = Travel.BackFrom(off[back], Travel.Between(home, before.Prefecture, JapanTime.DateOf(before.Starts)));
                if (ways[back].To > ways[back + 1].From)
                {
                    continue;
                }
            }

            for (var outward = behind; outward > (before is null ? 0 : back); outward--)
            {
                if (after is null)
                {
                    return ways;
                }

                var leave = Travel.LeaveFor(ways[outward].From, Travel.Between(home, after.Prefecture, JapanTime.DateOf(after.Starts)));
                if (ways[outward - 1].To <= leave)
                {
                    ways[outward].From = leave;
                    if (outward < behind)
                    {
                        ways[behind].From = Later(after.Starts - Travel.Slack, ways[behind - 1].To);
                    }

                    return ways;
                }
            }

            if (before is null)
            {
                break;
            }
        }

        if (before is null || after is null)
        {
            return null;
        }

        var straight = Travel.Between(before.Prefecture, after.Prefecture, JapanTime.DateOf(after.Starts)) - Travel.Slack;
        for (var on = behind; on > 0; on--)
        {
            var leave = Travel.LeaveFor(bare[on].From, straight);
            if ((on == 1 ? Later(before.Leaves + Travel.Slack, off[0]) : off[on - 1]) <= leave)
            {
                bare[on].From = leave;
                bare[behind].From = on < behind ? Later(after.Starts - Travel.Slack, bare[behind - 1].To) : leave;
                bare[0].To = Earlier(bare[0].To + Travel.Slack, bare[1].From);
                return bare;
            }
        }

        return null;
    }

    /// <summary>When the expert may set off from each of these: at its end, but whoever was to go straight on and waits for what comes next goes now.</summary>
    private static List<DateTimeOffset> SetsOff(List<BusyTime> far, (DateTimeOffset From, DateTimeOffset To)[] next, DateTimeOffset now)
    {
        // The first row with a way behind it led home.
        var stays = far.TakeWhile(r => r.To <= r.Ends + Travel.Slack).Count();
        return [.. far.Select((row, at) => at < stays && row.Ends < now && now < next[at].From ? now : row.Ends)];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
