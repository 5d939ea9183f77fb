using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Routing.Assignment;

/// <summary>Who gets a need; nobody where <paramref name="Expert"/> is null.</summary>
/// <param name="Cost">Of the fit alone, without place and bonus; the penalty where nobody gets it.</param>
public readonly record struct Placement(CaseId Case, Track Track, ExpertId? Expert, long Cost);

/// <summary>What an answer gives one expert.</summary>
/// <param name="NewCases">Places taken; both tracks of one case are one.</param>
/// <param name="PlacesLeft">Free places after that.</param>
public sealed record NewLoad(ExpertId Expert, int NewCases, int PlacesLeft);

/// <summary>An answer in figures. Costs in the caller's points.</summary>
/// <param name="OnePersonCases">Cases whose two waiting tracks go to one person.</param>
/// <param name="Penalties">Of the needs that nobody gets.</param>
/// <param name="Experts">All experts in the order of the backlog.</param>
public sealed record Totals(int Assigned, int Unassigned, int OnePersonCases, long FitCosts, long PlaceCosts, long Bonuses, long Penalties, IReadOnlyList<NewLoad> Experts)
{
    /// <summary>What is to be small.</summary>
    public long Cost => FitCosts + PlaceCosts - Bonuses + Penalties;
}

/// <summary>An answer for a whole backlog.</summary>
/// <param name="Placements">One for each need, in the order of the backlog.</param>
/// <param name="LowerBound">No answer can cost less. Null where nothing was proved (<see cref="Greedy"/>).</param>
/// <param name="Prices">
/// What one more place of an expert is worth at the optimum; the proof, which <see cref="PriceBound"/> can check without trusting the search.
/// Empty where nothing was proved.
/// </param>
/// <param name="Steps">How many times the search set two tracks for one person or apart; 1 where no case left a choice.</param>
public sealed record AssignmentPlan(
    IReadOnlyList<Placement> Placements, Totals Totals, long? LowerBound, IReadOnlyDictionary<ExpertId, long> Prices, int Steps)
{
    public bool IsOptimal => LowerBound == Totals.Cost;

    /// <summary>Weighs any choice, such as one that a coordinator changed by hand.</summary>
    /// <param name="choice">An expert or null for each need, in the order of the backlog.</param>
    /// <exception cref="ArgumentException">The choice has another length, names an expert who does not fit, or takes more places than there are.</exception>
    public static AssignmentPlan Of(Backlog backlog, IReadOnlyList<ExpertId?> choice) => throw new NotImplementedException();
}
