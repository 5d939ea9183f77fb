namespace Consultation.Routing.Assignment;

/// <summary>
/// Penalties by age that no cost can outweigh. As many needs as possible are then assigned, where not all can be the oldest are (journey J13), and cost
/// decides only among such answers. That holds exactly where no case waits with two tracks: the sets of needs that can be met together are
/// then independent sets of a matroid, and the heaviest of them is also first by age. Where one person could meet two needs of a newer case in the place of one
/// older need, the two win, because more are met.
/// </summary>
public static class Urgency
{
    /// <summary>The same needs, in the same order, with their penalties.</summary>
    /// <param name="oldestFirst">Needs by age; their penalties are not read.</param>
    public static IReadOnlyList<Need> OldestFirst(IReadOnlyList<Need> oldestFirst, IReadOnlyList<ExpertPlaces> experts, long onePersonBonus)
    {
        long cheapest = 0, dearest = 0;
        foreach (var fit in oldestFirst.SelectMany(n => n.Fits))
        {
            cheapest = Math.Min(cheapest, fit.Cost);
            dearest = Math.Max(dearest, fit.Cost);
        }

        var place = experts.Select(e => e.PlaceCosts.Count == 0 ? 0 : e.PlaceCosts[^1]).DefaultIfEmpty().Max();
        // No two answers differ by more in cost; one step of age must weigh more than that.
        var step = checked((dearest - cheapest + place + onePersonBonus) * oldestFirst.Count + 1);
        return [.. oldestFirst.Select((need, older) => need with { Penalty = checked(step * (2L * oldestFirst.Count - older)) })];
    }
}
