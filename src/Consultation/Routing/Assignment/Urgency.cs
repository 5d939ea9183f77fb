namespace Consultation.Routing.Assignment;

/// <summary>
/// Penalties by age that no cost can outweigh. As many needs as possible are then assigned; where not all can be, the oldest are (journey
/// J13); and cost decides only among such answers. That holds exactly where no case waits with two tracks: the sets of needs that can be met
/// together then form a transversal matroid, whose heaviest set is the largest and the first by age. Where one person could meet two needs
/// of a newer case in the place of one older need, the two win, because more are met.
/// </summary>
public static class Urgency
{
    /// <summary>The same needs, in the same order, with their penalties. For 10,000 needs a backlog then bears costs that differ by 600,000 points, for 100,000 by 600.</summary>
    /// <param name="oldestFirst">Needs by age; their penalties are not read.</param>
    /// <exception cref="ArgumentException">A cost or the bonus passes <see cref="Backlog.HighestCost"/>, or there are more than <see cref="Backlog.MostNeeds"/>.</exception>
    public static IReadOnlyList<Need> OldestFirst(IReadOnlyList<Need> oldestFirst, IReadOnlyList<ExpertPlaces> experts, long onePersonBonus)
    {
        long cheapest = 0, dearest = 0;
        foreach (var fit in oldestFirst.SelectMany(n => n.Fits))
        {
            cheapest = Math.Min(cheapest, fit.Cost);
            dearest = Math.Max(dearest, fit.Cost);
        }

        var place = experts.Select(e => e.PlaceCosts.Count == 0 ? 0 : e.PlaceCosts[^1]).DefaultIfEmpty().Max();
        Grid.Refuse(oldestFirst.Count > Backlog.MostNeeds, "There are too many needs.");
        Grid.Refuse(cheapest < -Backlog.HighestCost || Math.Max(Math.Max(dearest, place), onePersonBonus) > Backlog.HighestCost, "A cost is out of bounds.");
        // No two answers differ by more in cost; one step of age must weigh more than that.
        var step = (dearest - cheapest + place + onePersonBonus) * oldestFirst.Count + 1;
        return [.. oldestFirst.Select((need, older) => need with { Penalty = step * (2L * oldestFirst.Count - older) })];
    }
}
