namespace Consultation.Routing.Assignment;

/// <summary>
/// Branch and bound over the pairs: which cases are given to one person and which apart. A branch has some pairs set and the others open. At
/// given prices its bound is what everybody pays who chooses freely, less what the places earn (the Lagrangian bound). At the prices of a
/// flow that is the flow's cost less what the open pairs would save by changing sides: where none would save, the setting is optimal.
/// Otherwise the one that would save most changes sides, each at most once in a branch, and the prices are improved on the way. What
/// is then still open and cannot be settled by the bound splits the branch. The branch of the lowest bound comes first.
/// </summary>
internal sealed class PairSearch(Grid grid, int mostSteps)
{
    private const int MostParts = 16;

    private readonly PlaceFlow flow = new(grid);
    private readonly PriorityQueue<Branch, (long Bound, int Number)> branches = new();
    private readonly bool[] together = new bool[grid.Pairs.Length];
    private long best = long.MaxValue;
    private int number;

    /// <summary>By unit the number of the expert, or null.</summary>
    public int?[] Choice { get; } = new int?[grid.Needs];

    /// <summary>Those of the best bound found without branching.</summary>
    public long[] Prices { get; private set; } = [];
    public long LowerBound { get; private set; }
    public int Steps { get; private set; }

    public void Run()
    {
        Begin();
        branches.Enqueue(new(new bool?[together.Length], together[..], long.MinValue), default);
        while (branches.TryDequeue(out var branch, out _))
        {
            if (branch.Bound >= best || Steps >= mostSteps)
            {
                LowerBound = Math.Min(best, branch.Bound);
                return;
            }

            Explore(branch);
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

    /// <summary>Bounds a branch and splits it where that bound is below the best answer.</summary>
    private void Explore(Branch branch)
    {
        for (var pair = 0; pair < together.Length; pair++)
        {
            Turn(pair, branch.Together[pair]);
        }

        var turned = new bool[together.Length];
        var savings = new long[together.Length];
        var (bound, prices) = (long.MinValue, flow.Prices[..]);
        var next = -1;
        do
        {
            if (next >= 0)
            {
                turned[next] = true;
                Turn(next, !together[next]);
            }

            Steps++;
            if (flow.Cost < best)
            {
                Keep();
            }

            (var saving, next) = Savings(branch.Set, turned, savings);
            (bound, prices) = Better(branch.Set, bound, prices, flow.Cost - saving);
        }
        while (bound < best && next >= 0 && Steps < mostSteps);

        if (Prices.Length == 0)
        {
            Prices = prices;
        }

        if (Math.Max(bound, branch.Bound) is var proved && proved < best)
        {
            Split(Narrowed(branch.Set, prices, bound), savings, proved);
        }
    }

    /// <summary>
    /// The better of the prices kept and those of the flow or, since the bound is concave in the prices, of a point between: there lie the
    /// prices at which pairs that stand in each other's way do not care.
    /// </summary>
    private (long Bound, long[] Prices) Better(bool?[] set, long kept, long[] prices, long here)
    {
        var other = flow.Prices[..];
        if (here > kept)
        {
            (kept, prices, here, other) = (here, other, kept, prices);
        }

        if (kept >= best || here == long.MinValue)
        {
            return (kept, prices);
        }

        for (var part = 2; part <= MostParts; part *= 2)
        {
            var between = new long[prices.Length];
            for (var expert = 0; expert < between.Length; expert++)
            {
                between[expert] = prices[expert] + (other[expert] - prices[expert]) / part;
            }

            var bound = PriceBound.At<long>(grid, between, set);
            if (bound > kept)
            {
                return (bound, between);
            }
        }

        return (kept, prices);
    }

    /// <summary>The same branch without the sides that cannot lead to anything better than the best answer.</summary>
    /// <param name="bound">At these very prices; the branch may know of a better one from others.</param>
    private bool?[] Narrowed(bool?[] set, long[] prices, long bound)
    {
        var narrowed = set[..];
        for (var pair = 0; pair < set.Length; pair++)
        {
            if (set[pair] is null && PriceBound.Together<long>(grid, prices, pair) is var more && bound + Math.Abs(more) >= best)
            {
                narrowed[pair] = more < 0;
            }
        }

        return narrowed;
    }

    private void Split(bool?[] set, long[] savings, long bound)
    {
        var start = set.Select((side, pair) => side ?? together[pair]).ToArray();
        var open = Enumerable.Range(0, set.Length).Where(pair => set[pair] is null).ToList();
        if (open.Count == 0)
        {
            branches.Enqueue(new(set, start, bound), (bound, ++number));
            return;
        }

        var split = open.MaxBy(pair => savings[pair]);
        foreach (var side in (bool[])[start[split], !start[split]])
        {
            var half = set[..];
            half[split] = side;
            var from = start[..];
            from[split] = side;
            branches.Enqueue(new(half, from, bound), (bound, ++number));
        }
    }

    /// <summary>What the open pairs would save by changing sides, and which of those not turned yet would save most.</summary>
    /// <param name="savings">Keeps the most that each would have saved at any time in the branch.</param>
    private (long Sum, int Next) Savings(bool?[] set, bool[] turned, long[] savings)
    {
        long sum = 0, most = 0;
        var next = -1;
        for (var pair = 0; pair < set.Length; pair++)
        {
            if (set[pair] is not null)
            {
                continue;
            }

            var one = flow.Pays(grid.PairUnit(pair));
            var saving = together[pair] ? one - Apart(pair) : Apart(pair) - one;
            sum += Math.Max(0, saving);
            savings[pair] = Math.Max(savings[pair], saving);
            (most, next) = saving > most && !turned[pair] ? (saving, pair) : (most, next);
        }

        return (sum, next);
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
