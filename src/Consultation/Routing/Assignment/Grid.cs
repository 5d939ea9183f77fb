using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>
/// A backlog as arrays. Units are what a place is given to: first the needs, then, for each case that waits with two tracks and has somebody for
/// both, the pair as a unit of its own. A search has either the two needs of a case in play or their pair.
/// </summary>
internal sealed class Grid
{
    private int[]? columnStart;
    private int[] columnUnit = [];
    private int[] columnArc = [];

    /// <summary>Where each need and expert of the backlog stands in the order of the arrays.</summary>
    public required int[] UnitOf { get; init; }
    public required int[] NeedOf { get; init; }
    public required int[] ExpertOf { get; init; }

    /// <summary>Fits of unit u: from RowStart[u] to RowStart[u + 1], dearer ones later.</summary>
    public required int[] RowStart { get; init; }
    public required int[] Expert { get; init; }
    public required int[] Cost { get; init; }

    /// <summary>What it costs to give no place to a unit: its penalty, or the cost of an expert who stands in the case already.</summary>
    public required long[] Outside { get; init; }
    public required ExpertId?[] OutsideExpert { get; init; }

    public required long[][] PlaceCosts { get; init; }
    public required (int First, int Second)[] Pairs { get; init; }

    public int Needs => UnitOf.Length;
    public int Units => Outside.Length;
    public int Experts => PlaceCosts.Length;

    public int PairUnit(int pair) => Needs + pair;

    /// <summary>The other way round: who could come to an expert. Only a search that takes units out again asks for it.</summary>
    public (int[] Start, int[] Unit, int[] Arc) Columns()
    {
        if (columnStart is not null)
        {
            return (columnStart, columnUnit, columnArc);
        }

        var start = new int[Experts + 1];
        foreach (var e in Expert)
        {
            start[e + 1]++;
        }

        for (var e = 0; e < Experts; e++)
        {
            start[e + 1] += start[e];
        }

        (columnUnit, columnArc) = (new int[Expert.Length], new int[Expert.Length]);
        var at = start[..^1];
        for (var unit = 0; unit < Units; unit++)
        {
            for (var arc = RowStart[unit]; arc < RowStart[unit + 1]; arc++)
            {
                var slot = at[Expert[arc]]++;
                (columnUnit[slot], columnArc[slot]) = (unit, arc);
            }
        }

        columnStart = start;
        return (columnStart, columnUnit, columnArc);
    }

    public static Grid Of(Backlog backlog)
    {
        var experts = SortedExperts(backlog);
        var order = SortedNeeds(backlog);
        var unitOf = new int[order.Length];
        for (var unit = 0; unit < order.Length; unit++)
        {
            unitOf[order[unit]] = unit;
        }

        var pairs = PairsOf(backlog, unitOf);
        var rows = new GridRows(backlog, experts, order, pairs);
        return new()
        {
            UnitOf = unitOf,
            NeedOf = order,
            ExpertOf = [.. backlog.Experts.Select(e => experts.Index[e.Expert])],
            RowStart = [.. rows.Start],
            Expert = [.. rows.Expert],
            Cost = [.. rows.Cost],
            Outside = [.. rows.Outside],
            OutsideExpert = [.. rows.OutsideExpert],
            PlaceCosts = experts.PlaceCosts,
            Pairs = [.. rows.Pairs],
        };
    }

    private static (Dictionary<ExpertId, int> Index, long[][] PlaceCosts) SortedExperts(Backlog backlog)
    {
        var index = new Dictionary<ExpertId, int>(backlog.Experts.Count);
        var costs = new long[backlog.Experts.Count][];
        foreach (var expert in backlog.Experts.OrderBy(e => e.Expert.Value))
        {
            Refuse(!index.TryAdd(expert.Expert, index.Count), "An expert stands twice.");
            costs[index.Count - 1] = [.. expert.PlaceCosts];
            Refuse(expert.PlaceCosts.Zip(expert.PlaceCosts.Skip(1), (one, next) => next < one).Any(falls => falls), "Place costs fall.");
            Refuse(expert.PlaceCosts.Any(c => c is < 0 or > Backlog.HighestCost), "A place cost is out of bounds.");
        }

        Refuse(backlog.Experts.Sum(e => (long)e.PlaceCosts.Count) > Backlog.MostPlaces, "There are too many places.");
        Refuse(backlog.OnePersonBonus is < 0 or > Backlog.HighestCost, "The bonus is out of bounds.");
        return (index, costs);
    }

    private static int[] SortedNeeds(Backlog backlog)
    {
        Refuse(backlog.Needs.Count > Backlog.MostNeeds, "There are too many needs.");
        Refuse(backlog.Needs.DistinctBy(n => (n.Case, n.Track)).Count() != backlog.Needs.Count, "A need stands twice.");
        Refuse(backlog.Needs.Any(n => n.Penalty is < 0 or > Backlog.HighestSumOfPenalties)
            || backlog.Needs.Aggregate((Int128)0, (sum, n) => sum + n.Penalty) > Backlog.HighestSumOfPenalties, "The penalties are out of bounds.");
        return [.. Enumerable.Range(0, backlog.Needs.Count)
            .OrderByDescending(n => backlog.Needs[n].Penalty).ThenBy(n => backlog.Needs[n].Case.Value).ThenBy(n => backlog.Needs[n].Track)];
    }

    /// <summary>Pairs of units that are the two tracks of one case, by the first unit.</summary>
    private static List<(int First, int Second)> PairsOf(Backlog backlog, int[] unitOf)
    {
        var seen = new Dictionary<CaseId, int>();
        var pairs = new List<(int First, int Second)>();
        for (var need = 0; need < unitOf.Length; need++)
        {
            if (!seen.TryAdd(backlog.Needs[need].Case, need))
            {
                var other = seen[backlog.Needs[need].Case];
                Refuse(backlog.Needs[need].Fits.Concat(backlog.Needs[other].Fits).Any(f => !f.TakesPlace), "A fit takes no place though both tracks of the case wait.");
                pairs.Add((Math.Min(unitOf[need], unitOf[other]), Math.Max(unitOf[need], unitOf[other])));
            }
        }

        pairs.Sort();
        return pairs;
    }

    internal static void Refuse(bool wrong, string why)
    {
        if (wrong)
        {
            throw new ArgumentException(why);
        }
    }
}
