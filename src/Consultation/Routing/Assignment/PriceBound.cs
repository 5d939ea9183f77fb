using System.Numerics;
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

        var bound = At<Int128>(backlog.Grid, byNumber);
        Grid.Refuse(bound < long.MinValue || bound > long.MaxValue, "The prices are out of bounds.");
        return (long)bound;
    }

    /// <summary>True where the plan's own prices prove that nothing can cost less than it. Plans with pairs may be optimal without that: then the search is the proof.</summary>
    public static bool Proves(Backlog backlog, AssignmentPlan plan) => At(backlog, plan.Prices) == plan.Totals.Cost;

    /// <param name="set">Pairs that are to go to one person (true) or apart (false); an open one does what is cheaper.</param>
    /// <typeparam name="T">64 bits do for the prices of flows and means of such; foreign ones ask for more.</typeparam>
    internal static T At<T>(Grid grid, long[] prices, bool?[]? set = null) where T : struct, IBinaryInteger<T>
    {
        var bound = T.Zero;
        for (var unit = 0; unit < grid.Needs; unit++)
        {
            bound += Pays<T>(grid, prices, unit);
        }

        for (var pair = 0; pair < grid.Pairs.Length; pair++)
        {
            if (set?[pair] is not false)
            {
                var saving = Together<T>(grid, prices, pair);
                bound += set?[pair] is true ? saving : T.Min(T.Zero, saving);
            }
        }

        for (var expert = 0; expert < grid.Experts; expert++)
        {
            foreach (var cost in grid.PlaceCosts[expert])
            {
                bound -= T.Max(T.Zero, T.CreateTruncating(prices[expert]) - T.CreateTruncating(cost));
            }
        }

        return bound;
    }

    /// <summary>What a pair pays for one person more than apart; negative where one is cheaper.</summary>
    internal static T Together<T>(Grid grid, long[] prices, int pair) where T : struct, IBinaryInteger<T> =>
        Pays<T>(grid, prices, grid.PairUnit(pair)) - Pays<T>(grid, prices, grid.Pairs[pair].First) - Pays<T>(grid, prices, grid.Pairs[pair].Second);

    private static T Pays<T>(Grid grid, long[] prices, int unit) where T : struct, IBinaryInteger<T>
    {
        var best = T.CreateTruncating(grid.Outside[unit]);
        for (var arc = grid.RowStart[unit]; arc < grid.RowStart[unit + 1]; arc++)
        {
            best = T.Min(best, T.CreateTruncating(grid.Cost[arc]) + T.CreateTruncating(prices[grid.Expert[arc]]));
        }

        return best;
    }
}
