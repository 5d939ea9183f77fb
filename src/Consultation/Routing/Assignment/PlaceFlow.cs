namespace Consultation.Routing.Assignment;

/// <summary>
/// A flow of least cost from units to places, kept optimal while units come and go: successive shortest paths with prices as potentials. A
/// unit that comes pushes others along the cheapest chain (Dijkstra over experts); one that goes leaves a hole that is filled along the cheapest
/// chain, or closed. Each step takes O(fits + experts · log experts) at worst and touches little where prices are alike.
///
/// What holds at all times, and proves that no other flow of the units in play costs less: a unit has the option that is cheapest at
/// the prices, and a price lies between the cost of the last place taken and that of the first one free.
/// </summary>
internal sealed class PlaceFlow
{
    private const int Absent = -2;
    private const int Nowhere = -1;

    private readonly Grid grid;
    private readonly int[] arcOf;
    private readonly int[] firstAt;
    private readonly int[] before;
    private readonly int[] after;
    private readonly int[] load;
    private readonly int[] viaUnit;
    private readonly int[] viaArc;
    private readonly long[] near;
    private readonly List<int> reached = [];
    private readonly List<int> done = [];
    private readonly ExpertHeap heap;

    public PlaceFlow(Grid grid)
    {
        this.grid = grid;
        (arcOf, before, after) = (new int[grid.Units], new int[grid.Units], new int[grid.Units]);
        (firstAt, load, viaUnit, viaArc, near) = (new int[grid.Experts], new int[grid.Experts], new int[grid.Experts], new int[grid.Experts], new long[grid.Experts]);
        heap = new(near);
        Prices = [.. grid.PlaceCosts.Select(p => p.Length > 0 ? p[0] : 0)];
        Array.Fill(arcOf, Absent);
        Array.Fill(firstAt, Nowhere);
        Array.Fill(near, long.MaxValue);
    }

    public long[] Prices { get; }

    /// <summary>Of the units in play.</summary>
    public long Cost { get; private set; }

    /// <summary>The expert's number; null where the unit has no place.</summary>
    public int? ExpertOf(int unit) => arcOf[unit] < 0 ? null : grid.Expert[arcOf[unit]];

    /// <summary>What a unit would pay at the present prices.</summary>
    public long Pays(int unit)
    {
        var best = grid.Outside[unit];
        for (var arc = grid.RowStart[unit]; arc < grid.RowStart[unit + 1] && grid.Cost[arc] < best; arc++)
        {
            best = Math.Min(best, grid.Cost[arc] + Prices[grid.Expert[arc]]);
        }

        return best;
    }

    public void Insert(int unit)
    {
        var pays = Pays(unit);
        var (end, endUnit, endExpert) = (grid.Outside[unit] - pays, unit, Nowhere);
        Reach(unit, -pays, end);
        while (heap.HasBelow(end))
        {
            var expert = heap.Take();
            done.Add(expert);
            var distance = near[expert];
            if (load[expert] < grid.PlaceCosts[expert].Length && distance + grid.PlaceCosts[expert][load[expert]] - Prices[expert] is var free && free < end)
            {
                (end, endUnit, endExpert) = (free, Nowhere, expert);
            }

            for (var other = firstAt[expert]; other != Nowhere; other = after[other])
            {
                var from = distance - grid.Cost[arcOf[other]] - Prices[expert];
                if (from + grid.Outside[other] < end)
                {
                    (end, endUnit, endExpert) = (from + grid.Outside[other], other, Nowhere);
                }

                Reach(other, from, end);
            }
        }

        foreach (var expert in done)
        {
            Prices[expert] += Math.Max(0, end - near[expert]);
        }

        Cost += pays + end;
        if (endExpert == Nowhere)
        {
            endExpert = ExpertOf(endUnit) ?? Nowhere;
            Move(endUnit, Nowhere);
        }

        while (endExpert != Nowhere)
        {
            var (moved, arc) = (viaUnit[endExpert], viaArc[endExpert]);
            endExpert = ExpertOf(moved) ?? Nowhere;
            Move(moved, arc);
        }

        Forget();
    }

    public void Remove(int unit)
    {
        if (arcOf[unit] == Nowhere)
        {
            Cost -= grid.Outside[unit];
            arcOf[unit] = Absent;
            return;
        }

        var hole = grid.Expert[arcOf[unit]];
        Cost -= grid.Cost[arcOf[unit]] + Prices[hole];
        var (end, endUnit, endArc, endExpert) = (long.MaxValue, Nowhere, Nowhere, Nowhere);
        var (start, units, arcs) = grid.Columns();
        Note(hole, 0, Nowhere, Nowhere);
        while (heap.HasBelow(end))
        {
            var expert = heap.Take();
            done.Add(expert);
            var distance = near[expert];
            if (distance + Prices[expert] - grid.PlaceCosts[expert][load[expert] - 1] is var close && close < end)
            {
                (end, endUnit, endExpert) = (close, Nowhere, expert);
            }

            for (var slot = start[expert]; slot < start[expert + 1]; slot++)
            {
                var other = units[slot];
                if (arcOf[other] == Absent || other == unit)
                {
                    continue;
                }

                var at = ExpertOf(other);
                var pays = at is { } now ? grid.Cost[arcOf[other]] + Prices[now] : grid.Outside[other];
                var to = distance + grid.Cost[arcs[slot]] + Prices[expert] - pays;
                if (to < end && at is { } from && to < near[from])
                {
                    Note(from, to, other, arcs[slot]);
                }
                else if (to < end && at is null)
                {
                    (end, endUnit, endArc, endExpert) = (to, other, arcs[slot], expert);
                }
            }
        }

        foreach (var expert in done)
        {
            Prices[expert] -= Math.Max(0, end - near[expert]);
        }

        Cost += end;
        Move(unit, Absent);
        if (endUnit != Nowhere)
        {
            Move(endUnit, endArc);
        }

        while (endExpert != hole)
        {
            var (moved, arc) = (viaUnit[endExpert], viaArc[endExpert]);
            Move(moved, arc);
            endExpert = grid.Expert[arc];
        }

        Forget();
    }

    /// <summary>Offers the unit's fits as ways on, where they end before <paramref name="end"/>. Prices are never negative.</summary>
    private void Reach(int unit, long from, long end)
    {
        for (var arc = grid.RowStart[unit]; arc < grid.RowStart[unit + 1] && from + grid.Cost[arc] < end; arc++)
        {
            var expert = grid.Expert[arc];
            var to = from + grid.Cost[arc] + Prices[expert];
            if (to < end && to < near[expert])
            {
                Note(expert, to, unit, arc);
            }
        }
    }

    private void Note(int expert, long distance, int unit, int arc)
    {
        if (near[expert] == long.MaxValue)
        {
            reached.Add(expert);
        }

        near[expert] = distance;
        (viaUnit[expert], viaArc[expert]) = (unit, arc);
        heap.Lower(expert);
    }

    private void Move(int unit, int arc)
    {
        if (ExpertOf(unit) is { } left)
        {
            Leave(unit, left);
        }

        arcOf[unit] = arc;
        if (ExpertOf(unit) is { } joined)
        {
            Join(unit, joined);
        }
    }

    private void Leave(int unit, int expert)
    {
        load[expert]--;
        if (before[unit] == Nowhere)
        {
            firstAt[expert] = after[unit];
        }
        else
        {
            after[before[unit]] = after[unit];
        }

        if (after[unit] != Nowhere)
        {
            before[after[unit]] = before[unit];
        }
    }

    private void Join(int unit, int expert)
    {
        load[expert]++;
        (before[unit], after[unit]) = (Nowhere, firstAt[expert]);
        if (firstAt[expert] != Nowhere)
        {
            before[firstAt[expert]] = unit;
        }

        firstAt[expert] = unit;
    }

    private void Forget()
    {
        foreach (var expert in reached)
        {
            near[expert] = long.MaxValue;
        }

        reached.Clear();
        done.Clear();
        heap.Clear();
    }
}
