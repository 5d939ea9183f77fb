namespace Consultation.Routing.Assignment;

/// <summary>
/// Branch and bound over the pairs: which cases are given to one person and which apart. A branch has some pairs set and the others open. Its
/// bound is the flow's cost under any setting of the open ones, less what each of them would save by changing sides at the flow's prices
/// (the Lagrangian bound; no other case is disturbed by such a change, for it pays the price of its places). Where none would save anything, the setting is
/// optimal. Otherwise the pair that would save most changes sides, each at most once in a branch; then the branch is split. The branch
/// of the lowest bound comes first.
/// </summary>
internal sealed class PairSearch(Grid grid, int mostSteps)
{
    private readonly PlaceFlow flow = new(grid);
    private readonly PriorityQueue<Branch, (long Bound, int Number)> open = new();
    private readonly bool[] together = new bool[grid.Pairs.Length];
    private long best = long.MaxValue;

    /// <summary>By unit the number of the expert, or null.</summary>
    public int?[] Choice { get; } = new int?[grid.Needs];

    /// <summary>Those of the best bound found without branching.</summary>
    public long[] Prices { get; private set; } = [];
    public long LowerBound { get; private set; }
    public int Steps { get; private set; }

    public void Run()
    {
        Begin();
        open.Enqueue(new(new bool?[together.Length], together[..], long.MinValue), default);
        var number = 0;
        while (open.TryDequeue(out var branch, out _))
        {
            if (branch.Bound >= best || Steps >= mostSteps)
            {
                LowerBound = Math.Min(best, branch.Bound);
                return;
            }

            var (bound, pair) = Explore(branch);
            foreach (var side in bound < best ? [together[pair], !together[pair]] : Array.Empty<bool>())
            {
                var set = branch.Set[..];
                set[pair] = side;
                open.Enqueue(new(set, together[..], bound), (bound, ++number));
            }
        }

        LowerBound = best;
    }

    /// <summary>Everybody enters, pairs as is cheaper at that moment.</summary>
    private void Begin()
    {
        var pairOf = new Dictionary<int, int>();
        for (var pair = 0; pair < together.Length; pair++)
        {
            pairOf.Add(grid.Pairs[pair].First, pair);
            pairOf.Add(grid.Pairs[pair].Second, pair);
        }

        for (var unit = 0; unit < grid.Needs; unit++)
        {
            if (!pairOf.TryGetValue(unit, out var pair))
            {
                flow.Insert(unit);
            }
            else if (grid.Pairs[pair].First == unit)
            {
                together[pair] = flow.Pays(grid.PairUnit(pair)) <= Apart(pair);
                Enter(pair);
            }
        }
    }

    /// <summary>The branch's bound, and the pair to split it by where that is below the best answer.</summary>
    private (long Bound, int Pair) Explore(Branch branch)
    {
        for (var pair = 0; pair < together.Length; pair++)
        {
            Turn(pair, branch.Together[pair]);
        }

        var turned = new bool[together.Length];
        var (bound, split) = (long.MinValue, -1);
        while (true)
        {
            Steps++;
            if (flow.Cost < best)
            {
                Keep();
            }

            var (saving, worst, next) = Savings(branch.Set, turned);
            if (flow.Cost - saving > bound)
            {
                (bound, split) = (flow.Cost - saving, worst);
                if (branch.Bound == long.MinValue)
                {
                    Prices = flow.Prices[..];
                }
            }

            if (bound >= best || next < 0 || Steps >= mostSteps)
            {
                return (Math.Max(bound, branch.Bound), split);
            }

            turned[next] = true;
            Turn(next, !together[next]);
        }
    }

    /// <summary>What the open pairs would save by changing sides; the pair that would save most, and the one among those not turned yet.</summary>
    private (long Sum, int Worst, int Next) Savings(bool?[] set, bool[] turned)
    {
        long sum = 0, most = 0, mostNext = 0;
        var (worst, next) = (-1, -1);
        for (var pair = 0; pair < set.Length; pair++)
        {
            if (set[pair] is not null)
            {
                continue;
            }

            var one = flow.Pays(grid.PairUnit(pair));
            var saving = together[pair] ? one - Apart(pair) : Apart(pair) - one;
            sum += Math.Max(0, saving);
            (most, worst) = saving > most ? (saving, pair) : (most, worst);
            (mostNext, next) = saving > mostNext && !turned[pair] ? (saving, pair) : (mostNext, next);
        }

        return (sum, worst, next);
    }

    private long Apart(int pair) => flow.Pays(grid.Pairs[pair].First) + flow.Pays(grid.Pairs[pair].Second);

    private void Turn(int pair, bool side)
    {
        if (together[pair] == side)
        {
            return;
        }

        if (together[pair])
        {
            flow.Remove(grid.PairUnit(pair));
        }
        else
        {
            flow.Remove(grid.Pairs[pair].First);
            flow.Remove(grid.Pairs[pair].Second);
        }

        together[pair] = side;
        Enter(pair);
    }

    private void Enter(int pair)
    {
        if (together[pair])
        {
            flow.Insert(grid.PairUnit(pair));
        }
        else
        {
            flow.Insert(grid.Pairs[pair].First);
            flow.Insert(grid.Pairs[pair].Second);
        }
    }

    private void Keep()
    {
        best = flow.Cost;
        for (var unit = 0; unit < Choice.Length; unit++)
        {
            Choice[unit] = flow.ExpertOf(unit);
        }

        for (var pair = 0; pair < together.Length; pair++)
        {
            if (together[pair])
            {
                Choice[grid.Pairs[pair].First] = Choice[grid.Pairs[pair].Second] = flow.ExpertOf(grid.PairUnit(pair));
            }
        }
    }

    /// <param name="Set">Together, apart or open.</param>
    /// <param name="Together">The setting from which the search goes on.</param>
    private sealed record Branch(bool?[] Set, bool[] Together, long Bound);
}
