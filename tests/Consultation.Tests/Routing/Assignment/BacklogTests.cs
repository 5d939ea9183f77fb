using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Tests.Routing.Assignment;

public sealed class BacklogTests
{
    private const long Large = 1_000;

    [Fact]
    public void Without_needs_or_without_experts_the_answer_is_empty_handed()
    {
        var nothing = Optimum.Of(new([], [], 0));
        Assert.Empty(nothing.Placements);
        Assert.True(nothing.IsOptimal);
        Assert.Equal(0, nothing.Totals.Cost);

        var idle = Optimum.Of(new([], [Places(1, 0, 5)], 0));
        Assert.Equal(new NewLoad(Expert(1), 0, 2), Assert.Single(idle.Totals.Experts));

        var alone = Optimum.Of(new([Wants(1, Track.Mic, Large)], [], 0));
        Assert.Null(Assert.Single(alone.Placements).Expert);
        Assert.Equal((0, 1, Large), (alone.Totals.Assigned, alone.Totals.Unassigned, alone.Totals.Cost));
    }

    [Fact]
    public void Nobody_is_chosen_who_does_not_fit_or_has_no_place()
    {
        var plan = Optimum.Of(new([Wants(1, Track.Mic, Large, (2, 1)), Wants(2, Track.Mic, Large)], [Places(1, 0, 0), Places(2)], 0));
        Assert.All(plan.Placements, p => Assert.Null(p.Expert));
        Assert.True(plan.IsOptimal);
    }

    [Fact]
    public void J13_of_one_place_that_frees_up_the_oldest_waiting_need_that_fits_gets_it()
    {
        ExpertPlaces[] experts = [Places(1, 0)];
        // The oldest of all fits nobody; the newest would be cheapest.
        Need[] waiting = [Wants(1, Track.Mic, 0), Wants(2, Track.Mic, 0, (1, 90)), Wants(3, Track.Mic, 0, (1, 50)), Wants(4, Track.Mic, 0, (1, -90))];
        var backlog = new Backlog(Urgency.OldestFirst(waiting, experts, 0), experts, 0);
        Assert.Equal([null, Expert(1), null, null], Optimum.Of(backlog).Placements.Select(p => p.Expert));
        Assert.Equal([null, Expert(1), null, null], Greedy.Of(backlog).Placements.Select(p => p.Expert));
    }

    [Fact]
    public void J13_where_not_all_can_be_met_as_many_are_as_can_be_and_the_oldest_of_them()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var experts = Enumerable.Range(1, 4).Select(e => Places(e, [.. Enumerable.Repeat(7L, random.Next(3))])).ToList();
            var waiting = Enumerable.Range(1, 9)
                .Select(n => Wants(n, Track.Mic, 0, [.. Enumerable.Range(1, 4).Where(_ => random.Next(3) == 0).Select(e => (e, (long)random.Next(-50, 100)))])).ToList();
            var plan = Optimum.Of(new(Urgency.OldestFirst(waiting, experts, 0), experts, 0));

            // Oldest first, each kept if all kept so far can be met together.
            var kept = new List<Need>();
            foreach (var need in waiting)
            {
                var free = new Backlog([.. kept.Append(need).Select(n => n with { Penalty = Large, Fits = [.. n.Fits.Select(f => f with { Cost = 0 })] })], experts, 0);
                if (EveryWay.LeastCost(free) < Large)
                {
                    kept.Add(need);
                }
            }

            Assert.Equal(kept.Select(n => n.Case), plan.Placements.Where(p => p.Expert is not null).Select(p => p.Case));
        }
    }

    [Fact]
    public void One_expert_whom_everybody_wants_is_filled_with_the_oldest_and_the_others_follow()
    {
        ExpertPlaces[] experts = [Places(1, [.. Enumerable.Range(0, 400).Select(k => (long)k / 10)]), Places(2, 0, 0, 0)];
        var waiting = Enumerable.Range(1, 1_000).Select(n => Wants(n, Track.Mic, 0, [(1, n % 7), .. n % 100 == 0 ? [(2, 60L)] : Array.Empty<(int, long)>()])).ToList();
        var backlog = new Backlog(Urgency.OldestFirst(waiting, experts, 0), experts, 0);
        var plan = Optimum.Of(backlog);
        Assert.Equal(403, plan.Totals.Assigned);
        Assert.Equal([400, 3], plan.Totals.Experts.Select(e => e.NewCases));
        Assert.All(plan.Placements.Take(400), p => Assert.NotNull(p.Expert));
        Assert.True(PriceBound.Proves(backlog, plan));
    }

    [Fact]
    public void Rising_place_costs_spread_the_load()
    {
        var experts = Enumerable.Range(1, 3).Select(e => Places(e, 0, 10, 20, 30)).ToList();
        var waiting = Enumerable.Range(1, 6).Select(n => Wants(n, Track.Mic, Large, (1, 0), (2, 1), (3, 2))).ToList();
        Assert.Equal([2, 2, 2], Optimum.Of(new(waiting, experts, 0)).Totals.Experts.Select(e => e.NewCases));
    }

    [Fact]
    public void A_clerk_gives_the_only_fitting_expert_away_and_the_optimum_does_not()
    {
        var backlog = new Backlog([Wants(1, Track.Mic, Large + 1, (1, 0), (2, 5)), Wants(2, Track.Mic, Large, (1, 0))], [Places(1, 0), Places(2, 0)], 0);
        Assert.Equal([Expert(1), null], Greedy.Of(backlog).Placements.Select(p => p.Expert));
        Assert.Equal([Expert(2), Expert(1)], Optimum.Of(backlog).Placements.Select(p => p.Expert));
    }

    [Fact]
    public void One_person_for_both_tracks_takes_one_place_and_earns_the_bonus()
    {
        var backlog = new Backlog([Wants(1, Track.Mic, Large, (1, 10)), Wants(1, Track.Mhlw, Large, (1, 20))], [Places(1, 3)], 15);
        foreach (var totals in new[] { Optimum.Of(backlog).Totals, Greedy.Of(backlog).Totals })
        {
            Assert.Equal((2, 1, 30L + 3 - 15), (totals.Assigned, totals.OnePersonCases, totals.Cost));
            Assert.Equal(new NewLoad(Expert(1), 1, 0), Assert.Single(totals.Experts));
        }
    }

    [Fact]
    public void A_case_goes_to_two_people_where_that_leaves_the_place_of_both_to_an_older_one()
    {
        Need[] waiting =
        [
            Wants(1, Track.Mic, Large + 9, (1, 0)), Wants(2, Track.Mic, Large, (1, 0), (2, 5)), Wants(2, Track.Mhlw, Large, (1, 0), (3, 5)),
        ];
        var plan = Optimum.Of(new(waiting, [Places(1, 0), Places(2, 0), Places(3, 0)], 15));
        Assert.Equal([Expert(1), Expert(2), Expert(3)], plan.Placements.Select(p => p.Expert));
        Assert.True(plan.IsOptimal);
    }

    [Fact]
    public void Who_stands_in_the_case_by_its_other_track_needs_no_place()
    {
        var need = new Need(new(EveryWay.IdOf(1)), Track.Mhlw, Large, [new(Expert(1), 4, TakesPlace: false), new(Expert(2), 3)]);
        var backlog = new Backlog([need], [Places(1), Places(2, 5)], 0);
        foreach (var plan in new[] { Optimum.Of(backlog), Greedy.Of(backlog) })
        {
            Assert.Equal((Expert(1), 4L), (Assert.Single(plan.Placements).Expert, plan.Totals.Cost));
            Assert.Equal([0, 0], plan.Totals.Experts.Select(e => e.NewCases));
        }
    }

    [Fact]
    public void At_the_limits_no_sum_overflows()
    {
        const long Top = Backlog.HighestCost;
        var experts = Enumerable.Range(1, 5).Select(e => Places(e, Top, Top)).ToList();
        var waiting = Enumerable.Range(1, 20)
            .Select(n => Wants(n, Track.Mic, Backlog.HighestSumOfPenalties / 20, [.. Enumerable.Range(1, 5).Select(e => (e, n % 2 == 0 ? Top : -Top))])).ToList();
        var backlog = new Backlog(waiting, experts, Top);
        var plan = Optimum.Of(backlog);
        Assert.Equal((10, 10 * (Backlog.HighestSumOfPenalties / 20)), (plan.Totals.Assigned, plan.Totals.Penalties));
        Assert.Equal((-10 * Top, 10 * Top), (plan.Totals.FitCosts, plan.Totals.PlaceCosts));
        Assert.True(PriceBound.Proves(backlog, plan));
        Assert.Throws<ArgumentException>(() => PriceBound.At(backlog, new Dictionary<ExpertId, long> { [Expert(1)] = long.MaxValue, [Expert(2)] = long.MaxValue }));
    }

    public static TheoryData<string, Func<Backlog>> Refused => new()
    {
        { "a cost too high", () => new([Wants(1, Track.Mic, 0, (1, Backlog.HighestCost + 1))], [Places(1, 0)], 0) },
        { "a cost too low", () => new([Wants(1, Track.Mic, 0, (1, long.MinValue))], [Places(1, 0)], 0) },
        { "a place cost too high", () => new([], [Places(1, Backlog.HighestCost + 1)], 0) },
        { "a negative place cost", () => new([], [Places(1, -1)], 0) },
        { "falling place costs", () => new([], [Places(1, 2, 1)], 0) },
        { "a negative penalty", () => new([Wants(1, Track.Mic, -1)], [], 0) },
        { "penalties that together are too high", () => new([Wants(1, Track.Mic, long.MaxValue / 4), Wants(2, Track.Mic, long.MaxValue / 4)], [], 0) },
        { "a bonus too high", () => new([], [], Backlog.HighestCost + 1) },
        { "a negative bonus", () => new([], [], -1) },
        { "a need twice", () => new([Wants(1, Track.Mic, 0), Wants(1, Track.Mic, 0)], [], 0) },
        { "an expert twice", () => new([], [Places(1), Places(1)], 0) },
        { "a fit twice", () => new([Wants(1, Track.Mic, 0, (1, 0), (1, 1))], [Places(1, 0)], 0) },
        { "a stranger", () => new([Wants(1, Track.Mic, 0, (2, 0))], [Places(1, 0)], 0) },
        { "too many needs", () => new([.. Enumerable.Range(0, Backlog.MostNeeds + 1).Select(n => Wants(n, Track.Mic, 0))], [], 0) },
        { "too many places", () => new([], [Places(1, new long[Backlog.MostPlaces + 1])], 0) },
        { "no place needed though both wait", () => new([new(new(EveryWay.IdOf(1)), Track.Mic, 0, [new(Expert(1), 0, false)]), Wants(1, Track.Mhlw, 0)], [Places(1, 0)], 0) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_is_unsound_is_refused(string what, Func<Backlog> make)
    {
        Assert.NotEmpty(what);
        Assert.Throws<ArgumentException>(make);
    }

    [Fact]
    public void Penalties_by_age_are_refused_where_they_could_not_outweigh_the_costs()
    {
        Assert.Throws<ArgumentException>(() => Urgency.OldestFirst([Wants(1, Track.Mic, 0, (1, long.MaxValue))], [], 0));
        Assert.Throws<ArgumentException>(() => Urgency.OldestFirst([Wants(1, Track.Mic, 0, (1, long.MinValue))], [], 0));
        Assert.Throws<ArgumentException>(() => Urgency.OldestFirst([], [Places(1, long.MaxValue)], 0));
        Assert.Throws<ArgumentException>(() => Urgency.OldestFirst([], [], long.MaxValue));

        ExpertPlaces[] experts = [Places(1, 0)];
        var many = Enumerable.Range(1, 20_000).Select(n => Wants(n, Track.Mic, 0, (1, Backlog.HighestCost))).ToList();
        Assert.Throws<ArgumentException>(() => new Backlog(Urgency.OldestFirst(many, experts, 0), experts, 0));
    }

    [Fact]
    public void A_choice_by_hand_is_weighed_and_refused_where_it_cannot_be()
    {
        var backlog = new Backlog([Wants(1, Track.Mic, Large, (1, 0)), Wants(2, Track.Mic, Large, (1, 5), (2, 7))], [Places(1, 1), Places(2, 2)], 0);
        Assert.Equal(Large + 5 + 1, AssignmentPlan.Of(backlog, [null, Expert(1)]).Totals.Cost);
        Assert.False(AssignmentPlan.Of(backlog, [Expert(1), Expert(2)]).IsOptimal);
        Assert.Throws<ArgumentException>(() => AssignmentPlan.Of(backlog, [Expert(1), Expert(1)]));
        Assert.Throws<ArgumentException>(() => AssignmentPlan.Of(backlog, [Expert(2), null]));
        Assert.Throws<ArgumentException>(() => AssignmentPlan.Of(backlog, [null]));
    }

    private static ExpertId Expert(int number) => new(EveryWay.IdOf(number));

    private static ExpertPlaces Places(int expert, params long[] costs) => new(Expert(expert), costs);

    private static Need Wants(int number, Track track, long penalty, params (int Expert, long Cost)[] fits) =>
        new(new(EveryWay.IdOf(number)), track, penalty, [.. fits.Select(f => new Fit(Expert(f.Expert), f.Cost))]);
}
