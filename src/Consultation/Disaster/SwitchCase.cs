using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>Switches the visits of one case of the plan, all or none, and tells its client once. A repeat is a no-op.</summary>
/// <exception cref="RuleViolation">
/// <c>disaster.changed</c>: a visit is not as it was when the plan was made; <c>visit.mode_not_offered</c>; what else forbids the change.
/// </exception>
[Requires(Permission.DeclareDisaster)]
public sealed record SwitchCase(DisasterPlanId Plan, CaseId Case) : ICommand<bool>;

internal sealed class SwitchCaseHandler(Execution execution, DisasterAccess access, CaseSwitch switching) : IRequestHandler<SwitchCase, bool>
{
    public async Task<bool> Handle(SwitchCase request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        var item = plan.ItemOf(request.Case);
        if (plan.UndoneAt is not null || item.State is not (DisasterItemState.Waiting or DisasterItemState.Failed))
        {
            return false;
        }

        var after = await switching.SwitchAsync(plan, item, cancellationToken);
        var isDone = after.State == DisasterItemState.Done;
        plan.Tell(after);
        execution.Audit(isDone ? "disaster.switched" : "disaster.skipped", request.Case, isDone ? EnumText.Of(plan.Way) : null);
        return isDone;
    }
}

/// <summary>
/// What the switch does to one case, with its letters; run by <see cref="SwitchCase"/> and, to be looked at only, by <see cref="ShowSwitch"/>.
/// </summary>
public sealed class CaseSwitch(ConsultationDb db, Execution execution, VisitAccess visits, VisitMoving moving, VisitCancellation cancellation, DisasterLetters letters)
{
    /// <returns>The case as it is afterwards: done, or skipped where nothing was left to switch.</returns>
    internal async Task<DisasterItem> SwitchAsync(DisasterPlan plan, DisasterItem item, CancellationToken cancellationToken)
    {
        var hands = new List<VisitInHand>();
        var after = new List<DisasterVisit>();
        var skipped = new List<DisasterVisit>();
        foreach (var was in item.Visits)
        {
            var hand = await visits.ForChangeAsync(was.Visit, cancellationToken);
            if (was.Held && (hand.Visit is { State: VisitState.Cancelled, CancelledBy: null } || hand.Visit.HasExpired(execution.Now)))
            {
                // Nobody was promised anything, and nothing is left to switch.
                skipped.Add(was);
                continue;
            }

            DemandUnchanged(hand.Visit, was);
            // A hold may have been confirmed since the plan was made: then its client knows the date and is to hear of this.
            var now = was with { End = hand.Visit.Plan.End, Place = hand.Visit.Place, Held = hand.Visit.State == VisitState.Held };
            if (plan.Way == DisasterWay.Web)
            {
                await DemandWebAsync(hand.Visit, cancellationToken);
                await moving.ToWebAsync(hand, null, $"{plan.Reason}のため", cancellationToken, mayComeBack: true);
            }
            else
            {
                await cancellation.CancelAsync(hand, CancelledBy.Disaster, plan.Reason, cancellationToken, tell: false);
            }

            hands.Add(hand);
            after.Add(now with { After = hand.Visit.Sequence });
        }

        var why = skipped.Count == 0 ? null : $"仮押さえの期限が過ぎていたため、{string.Join("・", skipped.Select(v => $"第{v.Ordinal}回"))}は対象から外しました。";
        if (after.Count == 0)
        {
            return item with { State = DisasterItemState.Skipped, Why = why };
        }

        var switched = item with { Visits = after, State = DisasterItemState.Done, Why = why };
        await letters.SwitchedAsync(plan, switched, hands, cancellationToken);
        return switched;
    }

    private void DemandUnchanged(Visit visit, DisasterVisit was)
    {
        if (!visit.IsOpen || visit.Mode != VisitMode.Visit || visit.StartsAt != was.Start || visit.StartsAt <= execution.Now || visit.HasExpired(execution.Now))
        {
            throw new RuleViolation("disaster.changed", VisitWords.Of(visit), VisitWords.Of(visit.State));
        }
    }

    private async Task DemandWebAsync(Visit visit, CancellationToken cancellationToken)
    {
        var ids = visit.ExpertIds;
        var experts = await db.Set<Expert>().AsNoTracking().Where(e => ids.Contains(e.Id)).ToListAsync(cancellationToken);
        if (experts.FirstOrDefault(e => !e.Modes.Contains(VisitMode.Web)) is { } without)
        {
            throw new RuleViolation("visit.mode_not_offered", without.Name, CaseWords.Of(VisitMode.Web));
        }
    }
}
