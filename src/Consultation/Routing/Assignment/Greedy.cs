using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Routing.Assignment;

/// <summary>
/// What a clerk would do: need by need, the most urgent first, each to the expert who is best at that moment, whoever may still be waiting. The
/// yardstick beside <see cref="Optimum"/>; equal experts go by id.
/// </summary>
public static class Greedy
{
    public static AssignmentPlan Of(Backlog backlog)
    {
        var grid = backlog.Grid;
        var taken = new int[grid.Experts];
        var experts = new ExpertId[grid.Experts];
        for (var i = 0; i < experts.Length; i++)
        {
            experts[grid.ExpertOf[i]] = backlog.Experts[i].Expert;
        }

        var choice = new ExpertId?[grid.Needs];
        var first = new Dictionary<CaseId, int>();
        for (var unit = 0; unit < grid.Needs; unit++)
        {
            var need = backlog.Needs[grid.NeedOf[unit]];
            var other = first.GetValueOrDefault(need.Case, -1);
            var best = (Cost: grid.OutsideExpert[unit] is null ? long.MaxValue : grid.Outside[unit], Expert: -1);
            for (var arc = grid.RowStart[unit]; arc < grid.RowStart[unit + 1]; arc++)
            {
                var expert = grid.Expert[arc];
                var place = expert == other ? -backlog.OnePersonBonus : taken[expert] < grid.PlaceCosts[expert].Length ? grid.PlaceCosts[expert][taken[expert]] : (long?)null;
                if (place is { } cost && (grid.Cost[arc] + cost, expert).CompareTo(best) < 0)
                {
                    best = (grid.Cost[arc] + cost, expert);
                }
            }

            if (best.Expert < 0)
            {
                choice[grid.NeedOf[unit]] = grid.OutsideExpert[unit];
                continue;
            }

            choice[grid.NeedOf[unit]] = experts[best.Expert];
            taken[best.Expert] += best.Expert == other ? 0 : 1;
            first.TryAdd(need.Case, best.Expert);
        }

        return AssignmentPlan.Of(backlog, choice);
    }
}
