using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>The latest uses of the switch, newest first.</summary>
[Requires(Permission.DeclareDisaster)]
public sealed record ListDisasters : IQuery<IReadOnlyList<DisasterLine>>;

public sealed record DisasterLine(DisasterPlanId Id, string Prefecture, DateOnly From, DateOnly To, DisasterWay Way, string Reason, DateTimeOffset MadeAt, string MadeBy, int Cases, int Failed, bool Undone);

internal sealed class ListDisastersHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListDisasters, IReadOnlyList<DisasterLine>>
{
    private const int Most = 20;

    public async Task<IReadOnlyList<DisasterLine>> Handle(ListDisasters request, CancellationToken cancellationToken)
    {
        var plans = await db.Set<DisasterPlan>().AsNoTracking().Where(DisasterAccess.Visible(execution.Actor)).OrderByDescending(p => p.MadeAt).ThenByDescending(p => p.Id).Take(Most).ToListAsync(cancellationToken);
        return [.. plans.Select(p => new DisasterLine(
            p.Id, Prefectures.Find(p.Prefecture)?.Name ?? p.Prefecture, p.FromOn, p.ToOn, p.Way, p.Reason, p.MadeAt, p.MadeBy, p.Items.Count, p.Count(DisasterItemState.Failed) + p.Count(DisasterItemState.Waiting), p.UndoneAt is not null))];
    }
}
