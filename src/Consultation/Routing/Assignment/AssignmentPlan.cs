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
    public static AssignmentPlan Of(Backlog backlog, IReadOnlyList<ExpertId?> choice)
    {
        Grid.Refuse(choice.Count != backlog.Needs.Count, "There is not one choice for each need.");
        var placements = new Placement[choice.Count];
        var taken = backlog.Experts.ToDictionary(e => e.Expert, _ => 0);
        var stands = new HashSet<(CaseId, ExpertId)>();
        long fits = 0, penalties = 0;
        var onePerson = 0;
        for (var i = 0; i < choice.Count; i++)
        {
            var need = backlog.Needs[i];
            if (choice[i] is not { } expert)
            {
                penalties += need.Penalty;
                placements[i] = new(need.Case, need.Track, null, need.Penalty);
                continue;
            }

            var fit = need.Fits.FirstOrDefault(f => f.Expert == expert);
            Grid.Refuse(fit.Expert != expert, "An expert does not fit.");
            fits += fit.Cost;
            placements[i] = new(need.Case, need.Track, expert, fit.Cost);
            if (fit.TakesPlace && !stands.Add((need.Case, expert)))
            {
                onePerson++;
            }
            else if (fit.TakesPlace)
            {
                taken[expert]++;
            }
        }

        Grid.Refuse(backlog.Experts.Any(e => taken[e.Expert] > e.PlaceCosts.Count), "An expert has not so many places.");
        var loads = backlog.Experts.Select(e => new NewLoad(e.Expert, taken[e.Expert], e.PlaceCosts.Count - taken[e.Expert])).ToList();
        var places = backlog.Experts.Sum(e => e.PlaceCosts.Take(taken[e.Expert]).Sum());
        var assigned = choice.Count(c => c is not null);
        var totals = new Totals(assigned, choice.Count - assigned, onePerson, fits, places, onePerson * backlog.OnePersonBonus, penalties, loads);
        return new(placements, totals, null, new Dictionary<ExpertId, long>(), 0);
    }
}
