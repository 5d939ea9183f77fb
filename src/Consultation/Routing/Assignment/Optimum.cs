using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>
/// The assignment of least cost. A need takes one place or stays unassigned, and the costs of an expert's places never fall: that is a flow
/// of least cost from needs to places, each place an arc of its own, so that convex costs ask for nothing more. <see cref="PlaceFlow"/> solves it
/// exactly by successive shortest augmenting paths (the Hungarian method in the form of Jonker and Volgenant, with capacities), in
/// O(needs · (fits + experts · log experts)) at worst.
///
/// One person for both tracks of a case is no flow: taking one place instead of two makes room that another case may use to come together
/// or apart, and such choices chain like those of logic, so that no polynomial way is to be expected. Only cases that wait with both
/// tracks at once and have somebody for both are of that kind. Once each of them is set to one person or apart, the rest is a flow;
/// <see cref="PairSearch"/> finds the settings by branch and bound, with bounds from the prices of the flow.
///
/// Of equally good answers the same one is always given: needs enter by penalty, case and track, and equal distances go by the expert's id.
/// </summary>
public static class Optimum
{
    public const int UsualSteps = 700;

    /// <summary>The answer of least cost, with its proof, or the best one found with an honest bound where the search for pairs ended before.</summary>
    /// <param name="mostSteps">How often the search may set a pair anew; counted and not timed, so that the answer is the same on any machine.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not a single step to do.</exception>
    public static AssignmentPlan Of(Backlog backlog, int mostSteps = UsualSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSteps, 1);
        var grid = backlog.Grid;
        var search = new PairSearch(grid, mostSteps);
        search.Run();
        var prices = new Dictionary<ExpertId, long>(grid.Experts);
        var experts = new ExpertId[grid.Experts];
        for (var i = 0; i < experts.Length; i++)
        {
            var number = grid.ExpertOf[i];
            experts[number] = backlog.Experts[i].Expert;
            prices.Add(experts[number], search.Prices[number]);
        }

        var choice = new ExpertId?[grid.Needs];
        for (var unit = 0; unit < choice.Length; unit++)
        {
            choice[grid.NeedOf[unit]] = search.Choice[unit] is { } expert ? experts[expert] : grid.OutsideExpert[unit];
        }

        return AssignmentPlan.Of(backlog, choice) with { LowerBound = search.LowerBound, Prices = prices, Steps = search.Steps };
    }
}
