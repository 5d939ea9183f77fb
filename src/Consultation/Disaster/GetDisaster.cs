using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Disaster;

/// <summary>One use of the switch with what became of each case.</summary>
/// <exception cref="NotFound">No such plan among those the actor may see.</exception>
[Requires(Permission.DeclareDisaster)]
public sealed record GetDisaster(DisasterPlanId Plan) : IQuery<DisasterView>;

public sealed record DisasterView(
    DisasterPlanId Id, string Prefecture, DateOnly From, DateOnly To, DisasterWay Way, string Reason, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? UndoneAt, string? UndoneBy,
    IReadOnlyList<DisasterItemView> Items, bool CanApply, bool CanUndo);

public sealed record DisasterItemView(CaseId Case, string Number, string? Organisation, IReadOnlyList<DisasterVisit> Visits, DisasterItemState State, string? Why);

internal sealed class GetDisasterHandler(ConsultationDb db, Execution execution, DisasterAccess access) : IRequestHandler<GetDisaster, DisasterView>
{
    public async Task<DisasterView> Handle(GetDisaster request, CancellationToken cancellationToken)
    {
        var plan = await access.ReadAsync(request.Plan, cancellationToken);
        var ids = plan.Items.Select(i => i.Case).ToList();
        var names = await db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.OrganisationName }).ToDictionaryAsync(c => c.Id, c => c.OrganisationName, cancellationToken);
        execution.Audit("disaster.viewed", plan.Id);
        return new(
            plan.Id, Prefectures.Find(plan.Prefecture)?.Name ?? plan.Prefecture, plan.FromOn, plan.ToOn, plan.Way, plan.Reason, plan.MadeAt, plan.MadeBy, plan.UndoneAt, plan.UndoneBy,
            [.. plan.Items.Select(i => new DisasterItemView(i.Case, i.Number, names.GetValueOrDefault(i.Case), i.Visits, i.State, i.Why))], plan.ToApply.Count > 0, plan.ToUndo.Count > 0);
    }
}
