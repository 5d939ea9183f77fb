using System.Linq.Expressions;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>Whose hand-overs an actor may see and decide: those made for the own district, or all where the actor works nationwide.</summary>
public sealed class HandoverAccess(ConsultationDb db, Execution execution)
{
    internal static Expression<Func<HandoverPlan, bool>> Visible(Actor actor) => CaseAccess.Reach.Of(actor) switch
    {
        { Everywhere: true } => _ => true,
        { District: { } district } => p => p.District == district,
        _ => _ => false,
    };

    /// <summary>The plan, locked until the transaction ends: of two who approve it the second sees what the first did.</summary>
    /// <exception cref="NotFound">No such plan among those the actor may see.</exception>
    /// <exception cref="Conflict"><c>version.stale</c></exception>
    internal async Task<HandoverPlan> ForChangeAsync(HandoverPlanId id, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from handover_plans where id = {id.Value} for update", cancellationToken);
        var plan = await db.Set<HandoverPlan>().Where(Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw new NotFound();
        return execution.ExpectedVersion is { } expected && expected != plan.Version ? throw new Conflict("version.stale") : plan;
    }
}
