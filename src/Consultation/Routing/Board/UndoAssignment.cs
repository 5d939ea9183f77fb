using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>
/// Takes back those offers of an applied plan that nobody has answered; their tracks wait again with age and assignment deadline as before. What
/// was answered meanwhile stays, and so does what has become another desk's. Once more is a repeat.
/// </summary>
/// <exception cref="RuleViolation"><c>assignment.not_applied</c></exception>
[Requires(Permission.OfferCase)]
public sealed record UndoAssignment(BoardPlanId Plan) : ICommand<BoardResult>;

internal sealed class UndoAssignmentHandler(ConsultationDb db, Execution execution, BoardAccess access, CaseAccess caseAccess, Offering offering, OfferCalls calls)
    : IRequestHandler<UndoAssignment, BoardResult>
{
    private const string Why = "一括の打診の取消し";

    public async Task<BoardResult> Handle(UndoAssignment request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        if (!plan.CanUndo())
        {
            return BoardResult.Of(plan, repeated: true);
        }

        access.DemandVersion(plan);
        var ids = plan.Offers.Select(o => o.OfferId).ToList();
        var of = await db.Set<Offer>().Where(o => ids.Contains(o.Id)).Select(o => o.CaseId).Distinct().ToListAsync(cancellationToken);
        var cases = await caseAccess.ManyForChangeAsync(of, cancellationToken);
        // Read after the cases are locked, so that an answer in the same moment has either come or waits.
        var open = await (
            from o in db.Set<Offer>()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where ids.Contains(o.Id) && o.State == OfferState.Open
            orderby o.CaseId, o.Track
            select new { Offer = o, e.Name }).ToListAsync(cancellationToken);
        var clocks = await ClocksAsync(plan, cancellationToken);
        var withdrawn = open.Where(o => cases.ContainsKey(o.Offer.CaseId)).ToList();
        foreach (var row in withdrawn)
        {
            var found = cases[row.Offer.CaseId];
            var occasion = await caseAccess.OccasionAsync(found.DeskId, cancellationToken);
            await offering.TakeBackAsync(found, row.Offer, row.Name, Why, occasion, cancellationToken);
            found.OfferUndone(row.Offer.Track, $"{row.Name}への打診を取下げ（{Why}）", clocks.GetValueOrDefault(row.Offer.Id), occasion);
            await calls.EndAsync(row.Offer, found, occasion, cancellationToken);
        }

        plan.Undo(execution.Actor, execution.Now);
        execution.Audit("assignment.undone", plan.Id, $"{withdrawn.Count} of {ids.Count} offers");
        return BoardResult.Of(plan) with { Withdrawn = withdrawn.Count, Kept = ids.Count - withdrawn.Count };
    }

    private async Task<Dictionary<OfferId, Deadline>> ClocksAsync(BoardPlan plan, CancellationToken cancellationToken)
    {
        var ids = plan.Offers.Select(o => o.DeadlineId).OfType<DeadlineId>().ToList();
        var ended = await db.Set<Deadline>().AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancellationToken);
        return plan.Offers.Where(o => o.DeadlineId is { } id && ended.ContainsKey(id)).ToDictionary(o => o.OfferId, o => ended[o.DeadlineId!.Value]);
    }
}
