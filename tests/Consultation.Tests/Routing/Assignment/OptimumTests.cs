using Consultation.Benchmarks;
using Consultation.Messaging;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Tests.Routing.Assignment;

/// <summary>The optimum is what trying every way finds, and what the prices of the places prove where there are too many ways.</summary>
public sealed class OptimumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_every_small_backlog_the_answer_costs_what_trying_every_way_finds(int thousand)
    {
        for (var seed = thousand * 1_000; seed < (thousand + 1) * 1_000; seed++)
        {
            var backlog = EveryWay.SmallBacklog(new(seed));
            var plan = Optimum.Of(backlog);
            Assert.True(plan.IsOptimal, $"seed {seed}");
            Assert.True(EveryWay.LeastCost(backlog) == plan.Totals.Cost, $"seed {seed}");
        }
    }

    [Fact]
    public void Greedy_is_never_better_and_the_prices_never_promise_too_much()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var backlog = EveryWay.SmallBacklog(new(seed));
            var plan = Optimum.Of(backlog);
            Assert.True(Greedy.Of(backlog).Totals.Cost >= plan.Totals.Cost, $"seed {seed}");
            Assert.True(PriceBound.At(backlog, plan.Prices) <= plan.Totals.Cost, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(500, 300)]
    [InlineData(1_000, 150)]
    public void The_prices_prove_a_large_answer(int needs, int experts)
    {
        var backlog = Backlogs.Of(needs, experts, pairs: 0, seed: 3);
        var plan = Optimum.Of(backlog);
        Assert.True(plan.IsOptimal);
        Assert.True(PriceBound.Proves(backlog, plan));
        Assert.Equal(plan.Totals, AssignmentPlan.Of(backlog, [.. plan.Placements.Select(p => p.Expert)]).Totals with { Experts = plan.Totals.Experts });
        Assert.False(PriceBound.Proves(backlog, Greedy.Of(backlog) with { Prices = plan.Prices }));

        var scarce = plan.Prices.MaxBy(p => (p.Value, p.Key.Value));
        Assert.True(PriceBound.At(backlog, new Dictionary<ExpertId, long>(plan.Prices) { [scarce.Key] = scarce.Value / 2 }) <= plan.Totals.Cost);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(25)]
    public void One_person_or_two_is_what_every_setting_of_such_cases_finds(int experts)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var backlog = Backlogs.Of(30, experts, pairs: 0.2, seed);
            var plan = Optimum.Of(backlog);
            Assert.True(plan.IsOptimal, $"seed {seed}");
            Assert.True(EveryWay.LeastCostOfSettings(backlog) == plan.Totals.Cost, $"seed {seed}");
        }
    }

    // Any of these makes it fail: one half of a split left out, both halves set alike, a side settled the wrong way, a bound two points too high.
    [Fact]
    public void Where_the_prices_settle_little_branching_finds_what_every_setting_finds()
    {
        var branched = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var backlog = EveryWay.DenseBacklog(new(seed));
            var plan = Optimum.Of(backlog);
            Assert.True(plan.IsOptimal, $"seed {seed}");
            Assert.True(EveryWay.LeastCostOfSettings(backlog) == plan.Totals.Cost, $"seed {seed}");
            branched += PriceBound.At(backlog, plan.Prices) < plan.Totals.Cost ? 1 : 0;
        }

        Assert.InRange(branched, 20, 200);
    }

    [Fact]
    public void A_large_answer_with_cases_that_wait_with_both_tracks_is_proved_too()
    {
        var backlog = Backlogs.Of(500, 300, pairs: 0.1, seed: 5);
        var plan = Optimum.Of(backlog);
        Assert.True(plan.IsOptimal);
        Assert.NotEqual(0, plan.Totals.OnePersonCases);
        Assert.True(PriceBound.At(backlog, plan.Prices) <= plan.Totals.Cost);
    }

    [Fact]
    public void A_search_cut_short_says_what_is_not_proved()
    {
        var backlog = Backlogs.Of(400, 60, pairs: 0.5, seed: 1);
        var cut = Optimum.Of(backlog, mostSteps: 1);
        Assert.False(cut.IsOptimal);
        Assert.True(cut.LowerBound < cut.Totals.Cost);
        Assert.True(PriceBound.At(backlog, cut.Prices) == cut.LowerBound);
    }

    [Fact]
    public void The_same_data_in_another_order_give_the_same_answer()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            AssertOrderIsNothing(EveryWay.SmallBacklog(new(seed)), new(seed));
        }

        AssertOrderIsNothing(Backlogs.Of(300, 80, pairs: 0.1, seed: 2), new(2));
    }

    private static void AssertOrderIsNothing(Backlog backlog, Random random)
    {
        var experts = backlog.Experts.ToArray();
        var needs = backlog.Needs.Select(n => n with { Fits = Shuffled(n.Fits, random) }).ToArray();
        random.Shuffle(experts);
        random.Shuffle(needs);
        var other = new Backlog(needs, experts, backlog.OnePersonBonus);
        foreach (var solve in new Func<Backlog, AssignmentPlan>[] { b => Optimum.Of(b), Greedy.Of })
        {
            Assert.Equal(Rows(solve(backlog)), Rows(solve(backlog)));
            Assert.Equal(Rows(solve(backlog)), Rows(solve(other)));
        }

        static IEnumerable<string> Rows(AssignmentPlan plan) =>
            plan.Placements.Select(p => $"{p}").Order(StringComparer.Ordinal).Concat(plan.Prices.Select(p => $"{p}").Order(StringComparer.Ordinal));
    }

    private static Fit[] Shuffled(IReadOnlyList<Fit> fits, Random random)
    {
        var copy = fits.ToArray();
        random.Shuffle(copy);
        return copy;
    }
}
