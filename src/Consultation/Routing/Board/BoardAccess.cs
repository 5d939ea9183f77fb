using System.Linq.Expressions;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>Whose plans an actor may see: those made for the own district, or all where the actor works nationwide.</summary>
public sealed class BoardAccess(ConsultationDb db, Execution execution)
{
    internal static string? DistrictOf(Actor actor) => CaseAccess.Reach.Of(actor).District;

    internal static Expression<Func<BoardPlan, bool>> Visible(Actor actor) => CaseAccess.Reach.Of(actor) switch
    {
        { Everywhere: true } => _ => true,
        { District: { } district } => p => p.District == district,
        _ => _ => false,
    };

    /// <summary>The plan, locked until the transaction ends: of two who apply it the second sees what the first did.</summary>
    /// <exception cref="NotFound">No such plan among those the actor may see.</exception>
    internal async Task<BoardPlan> ForChangeAsync(BoardPlanId id, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from assignment_plans where id = {id.Value} for update", cancellationToken);
        return await db.Set<BoardPlan>().Include(p => p.Offers).Where(Visible(execution.Actor)).FirstOrDefaultAsync(p => p.Id == id, cancellationToken) ?? throw new NotFound();
    }

    /// <exception cref="Conflict"><c>version.stale</c>: the caller named another version than the one before this act.</exception>
    internal void DemandVersion(BoardPlan plan)
    {
        if (execution.ExpectedVersion is { } expected && expected != plan.Version)
        {
            throw new Conflict("version.stale");
        }
    }
}
