using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>
/// Weak duality as a check that trusts no search: whatever an expert's place is said to be worth, no answer can cost less than what the needs
/// would pay at those prices for what is cheapest to each of them, less what the places earn above their cost. An answer that costs just that is
/// optimal, for then every need has what is cheapest to it, and every place is taken that is worth more than it costs (complementary slackness).
/// </summary>
public static class PriceBound
{
    /// <summary>The bound at any prices; experts not named are free. One pass over the fits.</summary>
    /// <exception cref="ArgumentException">The prices are so far off that the bound does not fit 64 bits.</exception>
    public static long At(Backlog backlog, IReadOnlyDictionary<ExpertId, long> prices)
    {
        var byNumber = new long[backlog.Experts.Count];
        for (var i = 0; i < byNumber.Length; i++)
        {
            byNumber[backlog.Grid.ExpertOf[i]] = prices.GetValueOrDefault(backlog.Experts[i].Expert);
        }

        var bound = At(backlog.Grid, byNumber);
        Grid.Refuse(bound < long.MinValue || bound > long.MaxValue, "The prices are out of bounds.");
        return (long)bound;
    }

    /// <summary>True where the plan's own prices prove that nothing can cost less than it. Plans with pairs may be optimal without that: then the search is the proof.</summary>
    public static bool Proves(Backlog backlog, AssignmentPlan plan) => At(backlog, plan.Prices) == plan.Totals.Cost;

    internal static Int128 At(Grid grid, long[] prices)
    {
        Int128 bound = 0;
        for (var unit = 0; unit < grid.Needs; unit++)
        {
            bound += Pays(grid, prices, unit);
        }

        for (var pair = 0; pair < grid.Pairs.Length; pair++)
        {
            var (first, second) = grid.Pairs[pair];
            bound += Int128.Min(0, Pays(grid, prices, grid.PairUnit(pair)) - Pays(grid, prices, first) - Pays(grid, prices, second));
        }

        for (var expert = 0; expert < grid.Experts; expert++)
        {
            foreach (var cost in grid.PlaceCosts[expert])
            {
                bound -= Int128.Max(0, (Int128)prices[expert] - cost);
            }
        }

        return bound;
    }

    private static Int128 Pays(Grid grid, long[] prices, int unit)
    {
        Int128 best = grid.Outside[unit];
        for (var arc = grid.RowStart[unit]; arc < grid.RowStart[unit + 1]; arc++)
        {
            best = Int128.Min(best, (Int128)grid.Cost[arc] + prices[grid.Expert[arc]]);
        }

        return best;
    }
}
