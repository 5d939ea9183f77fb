using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>The newest hand-overs of an expert that were approved, so that whoever must take one back at the return finds it.</summary>
[Requires(Permission.ReassignCase)]
public sealed record ListHandovers(ExpertId Expert) : IQuery<IReadOnlyList<HandoverLine>>;

/// <param name="From">Of the absence; half-open with <paramref name="To"/>.</param>
public sealed record HandoverLine(HandoverPlanId Id, HandoverState State, DateTimeOffset From, DateTimeOffset To, DateTimeOffset ApprovedAt, string ApprovedBy);

internal sealed class ListHandoversHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListHandovers, IReadOnlyList<HandoverLine>>
{
    private const int Most = 10;

    public async Task<IReadOnlyList<HandoverLine>> Handle(ListHandovers request, CancellationToken cancellationToken) =>
        await db.Set<HandoverPlan>().AsNoTracking().Where(HandoverAccess.Visible(execution.Actor)).Where(p => p.ExpertId == request.Expert && p.State != HandoverState.Proposed)
            .OrderByDescending(p => p.MadeAt).ThenByDescending(p => p.Id).Take(Most)
            .Select(p => new HandoverLine(p.Id, p.State, p.StartsAt, p.EndsAt, p.ApprovedAt!.Value, p.ApprovedBy!)).ToListAsync(cancellationToken);
}
