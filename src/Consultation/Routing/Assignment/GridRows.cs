using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>The rows of a <see cref="Grid"/> while they grow.</summary>
internal sealed class GridRows
{
    private readonly List<(int Cost, int Expert)> row = [];

    public GridRows(Backlog backlog, (Dictionary<ExpertId, int> Index, long[][] PlaceCosts) experts, int[] order, List<(int First, int Second)> pairs)
    {
        var fits = order.Sum(n => backlog.Needs[n].Fits.Count);
        (Expert, Cost, Start) = (new(fits), new(fits), new(order.Length + 1) { 0 });
        var last = new int[experts.PlaceCosts.Length];
        Array.Fill(last, -1);
        for (var unit = 0; unit < order.Length; unit++)
        {
            var need = backlog.Needs[order[unit]];
            Outside.Add(need.Penalty);
            OutsideExpert.Add(null);
            foreach (var fit in need.Fits)
            {
                Grid.Refuse(fit.Cost is < -Backlog.HighestCost or > Backlog.HighestCost, "A cost is out of bounds.");
                Grid.Refuse(!experts.Index.TryGetValue(fit.Expert, out var expert), "A fit names an unknown expert.");
                Grid.Refuse(last[expert] == unit, "A fit stands twice.");
                last[expert] = unit;
                Add(fit, unit, expert, experts.PlaceCosts[expert].Length > 0);
            }

            Close();
        }

        var places = new Dictionary<int, int>();
        foreach (var pair in pairs)
        {
            AddPair(pair, backlog.OnePersonBonus, places);
        }
    }

    public List<int> Start { get; }
    public List<int> Expert { get; }
    public List<int> Cost { get; }
    public List<long> Outside { get; } = [];
    public List<ExpertId?> OutsideExpert { get; } = [];
    public List<(int First, int Second)> Pairs { get; } = [];

    private void Add(Fit fit, int unit, int expert, bool hasPlace)
    {
        if (fit.TakesPlace)
        {
            if (hasPlace)
            {
                row.Add(((int)fit.Cost, expert));
            }
        }
        else if (OutsideExpert[unit] is not { } other ? fit.Cost <= Outside[unit] : (fit.Cost, fit.Expert.Value).CompareTo((Outside[unit], other.Value)) < 0)
        {
            (Outside[unit], OutsideExpert[unit]) = (fit.Cost, fit.Expert);
        }
    }

    /// <summary>The pair as one unit, where somebody fits both.</summary>
    private void AddPair((int First, int Second) pair, long bonus, Dictionary<int, int> first)
    {
        first.Clear();
        for (var arc = Start[pair.First]; arc < Start[pair.First + 1]; arc++)
        {
            first.Add(Expert[arc], Cost[arc]);
        }

        for (var arc = Start[pair.Second]; arc < Start[pair.Second + 1]; arc++)
        {
            if (first.TryGetValue(Expert[arc], out var cost))
            {
                row.Add((cost + Cost[arc] - (int)bonus, Expert[arc]));
            }
        }

        if (row.Count > 0)
        {
            Pairs.Add(pair);
            Outside.Add(Outside[pair.First] + Outside[pair.Second]);
            OutsideExpert.Add(null);
            Close();
        }
    }

    private void Close()
    {
        row.Sort();
        foreach (var (cost, expert) in row)
        {
            Cost.Add(cost);
            Expert.Add(expert);
        }

        row.Clear();
        Start.Add(Expert.Count);
    }
}
