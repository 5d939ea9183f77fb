using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>The newest plans that were carried out, so that whoever must take one back finds it, also one that a job made.</summary>
[Requires(Permission.OfferCase)]
public sealed record ListPlans : IQuery<IReadOnlyList<AppliedPlan>>;

/// <param name="Offers">How many were asked.</param>
public sealed record AppliedPlan(BoardPlanId Id, BoardPlanState State, DateTimeOffset AppliedAt, string AppliedBy, int Offers);

internal sealed class ListPlansHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListPlans, IReadOnlyList<AppliedPlan>>
{
    private const int Most = 10;

    public async Task<IReadOnlyList<AppliedPlan>> Handle(ListPlans request, CancellationToken cancellationToken) =>
        await db.Set<BoardPlan>().AsNoTracking().Where(BoardAccess.Visible(execution.Actor)).Where(p => p.State != BoardPlanState.Proposed)
            .OrderByDescending(p => p.MadeAt).ThenByDescending(p => p.Id).Take(Most)
            .Select(p => new AppliedPlan(p.Id, p.State, p.AppliedAt!.Value, p.AppliedBy!, p.Offers.Count)).ToListAsync(cancellationToken);
}
