using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Tests.Routing.Assignment;

/// <summary>Small backlogs of every awkward kind, and their least cost by trying every way; shares no code with the solver.</summary>
internal static class EveryWay
{
    public static Guid IdOf(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    /// <summary>Few experts with few places, fits that are missing, equal, negative or need no place, and cases with one track or two.</summary>
    public static Backlog SmallBacklog(Random random)
    {
        var experts = Enumerable.Range(0, random.Next(5)).Select(e => new ExpertPlaces(new(IdOf(e)), RisingCosts(random))).ToList();
        var needs = new List<Need>();
        var wild = random.Next(2) == 0;
        for (var number = 0; needs.Count < 6 && number < random.Next(1, 6); number++)
        {
            var both = needs.Count < 5 && random.Next(2) == 0;
            foreach (var track in both ? new[] { Track.Mic, Track.Mhlw } : [random.Next(2) == 0 ? Track.Mic : Track.Mhlw])
            {
                var fits = experts.Where(_ => random.Next(4) > 0)
                    .Select(e => new Fit(e.Expert, wild ? random.Next(-20, 40) : random.Next(3), both || random.Next(8) > 0)).ToList();
                needs.Add(new(new(IdOf(number)), track, random.Next(3) == 0 ? random.Next(30) : 1_000 + random.Next(3), fits));
            }
        }

        return new(needs, experts, random.Next(3) == 0 ? 0 : random.Next(25));
    }

    /// <summary>Cases that all wait with both tracks and fit nearly everybody, while places are few and cost alike: here the prices settle little and the search must branch.</summary>
    public static Backlog DenseBacklog(Random random)
    {
        var experts = Enumerable.Range(1, 5)
            .Select(e => new ExpertPlaces(new(IdOf(e)), [.. Enumerable.Range(0, 1 + random.Next(3)).Select(k => (long)(k * (2 + random.Next(2)))).Order()])).ToList();
        var needs = Enumerable.Range(1, 7).SelectMany(c => new[] { Track.Mic, Track.Mhlw }
            .Select(track => new Need(new(IdOf(100 + c)), track, 60, [.. experts.Where(_ => random.Next(3) > 0).Select(e => new Fit(e.Expert, random.Next(20)))]))).ToList();
        return new(needs, experts, 4);
    }

    public static long LeastCost(Backlog backlog) => Try(backlog, 0, []);

    /// <summary>
    /// The least cost over every setting of the cases that wait with both tracks: each given to one person, as one need, or to anybody as
    /// two cases. What remains has no such cases, and prices prove each of the answers.
    /// </summary>
    public static long LeastCostOfSettings(Backlog backlog)
    {
        var both = backlog.Needs.GroupBy(n => n.Case).Where(c => c.Count() == 2).Select(c => (First: c.First(), Second: c.Last())).ToList();
        var others = backlog.Needs.Except(both.SelectMany(b => new[] { b.First, b.Second })).ToList();
        var least = long.MaxValue;
        for (var setting = 0; setting < 1 << both.Count; setting++)
        {
            var needs = both.SelectMany((b, i) => (setting >> i & 1) == 0
                ? new[] { b.First, b.Second with { Case = new(IdOf(-1 - i)) } }
                : [OnePerson(b.First, b.Second, backlog.OnePersonBonus)]).Concat(others).ToList();
            var flow = new Backlog(needs, backlog.Experts, backlog.OnePersonBonus);
            var plan = Optimum.Of(flow);
            Assert.True(PriceBound.Proves(flow, plan));
            least = Math.Min(least, plan.Totals.Cost);
        }

        return least;
    }

    private static Need OnePerson(Need first, Need second, long bonus) => first with
    {
        Penalty = first.Penalty + second.Penalty,
        Fits = [.. first.Fits.Join(second.Fits, f => f.Expert, f => f.Expert, (one, other) => new Fit(one.Expert, one.Cost + other.Cost - bonus))],
    };

    private static long Try(Backlog backlog, int need, List<ExpertId?> chosen)
    {
        if (need == backlog.Needs.Count)
        {
            return CostOf(backlog, chosen) ?? long.MaxValue;
        }

        var least = long.MaxValue;
        foreach (var expert in backlog.Needs[need].Fits.Select(f => (ExpertId?)f.Expert).Append(null))
        {
            chosen.Add(expert);
            least = Math.Min(least, Try(backlog, need + 1, chosen));
            chosen.RemoveAt(need);
        }

        return least;
    }

    /// <summary>Null where an expert has not so many places.</summary>
    private static long? CostOf(Backlog backlog, List<ExpertId?> chosen)
    {
        long cost = 0;
        var rows = backlog.Needs.Select((n, i) => (Need: n, Fit: n.Fits.Where(f => f.Expert == chosen[i]).Cast<Fit?>().SingleOrDefault())).ToList();
        foreach (var (need, fit) in rows)
        {
            cost += fit?.Cost ?? need.Penalty;
        }

        foreach (var expert in backlog.Experts)
        {
            var cases = rows.Where(r => r.Fit is { TakesPlace: true } && r.Fit.Value.Expert == expert.Expert).GroupBy(r => r.Need.Case).ToList();
            if (cases.Count > expert.PlaceCosts.Count)
            {
                return null;
            }

            cost += expert.PlaceCosts.Take(cases.Count).Sum() - backlog.OnePersonBonus * cases.Count(c => c.Count() == 2);
        }

        return cost;
    }

    private static long[] RisingCosts(Random random)
    {
        var costs = new long[random.Next(4)];
        for (var i = 0; i < costs.Length; i++)
        {
            costs[i] = (i == 0 ? 0 : costs[i - 1]) + random.Next(3) * random.Next(8);
        }

        return costs;
    }
}
