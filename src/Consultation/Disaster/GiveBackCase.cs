using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>Gives one case of the plan its visits back, all or none, and tells its client once. A hold that was put off, or ran out, does not come back.</summary>
/// <exception cref="RuleViolation"><c>disaster.changed_since</c>, and what forbids a booking at that time now.</exception>
[Requires(Permission.DeclareDisaster)]
public sealed record GiveBackCase(DisasterPlanId Plan, CaseId Case) : ICommand<bool>, ICompetes
{
    string? ICompetes.LostCode => "visit.taken";
}

internal sealed class GiveBackCaseHandler(
    ConsultationDb db, Execution execution, DisasterAccess access, VisitAccess visits, VisitMoving moving, VisitReopening reopening, DisasterLetters letters) : IRequestHandler<GiveBackCase, bool>
{
    public async Task<bool> Handle(GiveBackCase request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        var item = plan.ItemOf(request.Case);
        if (item.State is not (DisasterItemState.Done or DisasterItemState.Kept))
        {
            return false;
        }

        var hands = new List<VisitInHand>();
        var given = new List<DisasterVisit>();
        foreach (var was in item.Visits.Where(v => plan.Way == DisasterWay.Web || !v.Held))
        {
            var year = FiscalYear.Of(was.Start).Year;
            var hand = plan.Way == DisasterWay.Web ? await visits.ForMoveAsync(was.Visit, year, cancellationToken) : await visits.ForReopeningAsync(was.Visit, cancellationToken);
            var visit = hand.Visit;
            if (was.Held && (visit is { State: VisitState.Cancelled, CancelledBy: null } || visit.HasExpired(execution.Now)))
            {
                continue;
            }

            // A hold may have been confirmed since it was switched.
            given.Add(was with { Held = visit.State == VisitState.Held });
            var untouched = visit.Sequence == was.After && visit.StartsAt == was.Start && (plan.Way == DisasterWay.Web ? visit.IsOpen : visit is { State: VisitState.Cancelled, CancelledBy: CancelledBy.Disaster });
            if (!untouched || visit.StartsAt <= execution.Now)
            {
                throw new RuleViolation("disaster.changed_since", VisitWords.Of(visit), VisitWords.Of(visit.State));
            }

            if (plan.Way == DisasterWay.Web)
            {
                await moving.MoveAsync(hand, new(was.Start, was.End, VisitMode.Visit, was.Place), $"{plan.Reason}による変更を元へ戻す", cancellationToken, tell: false);
            }
            else
            {
                await DemandNoOtherDateAsync(visit, cancellationToken);
                await reopening.ReopenAsync(hand, $"{plan.Reason}による中止を元へ戻す", cancellationToken);
            }

            RemindOfVisits.Spare(visit, hand.Occasion);
            hands.Add(hand);
        }

        await letters.GivenBackAsync(plan, item with { Visits = given }, hands, cancellationToken);
        plan.Tell(item with { State = DisasterItemState.Undone, Why = null });
        execution.Audit("disaster.given_back", request.Case);
        return true;
    }

    /// <summary>Whoever was given another date since keeps that one alone.</summary>
    private async Task DemandNoOtherDateAsync(Visit putOff, CancellationToken cancellationToken)
    {
        var since = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            .Where(v => v.CaseId == putOff.CaseId && v.BookedAt > putOff.RecordedAt && (v.State == VisitState.Held || v.State == VisitState.Confirmed || v.State == VisitState.TookPlace))
            .OrderBy(v => v.BookedAt).ToListAsync(cancellationToken);
        if (since.FirstOrDefault(v => v.Tracks.Intersect(putOff.Tracks).Any()) is { } other)
        {
            throw new RuleViolation("disaster.changed_since", VisitWords.Of(other), VisitWords.Of(other.State));
        }
    }
}
