using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>
/// Whose record an actor may see and keep. Supervisors, administrators, desk and centre see all, because cases are offered across districts;
/// an expert sees and keeps the own one. A nationwide supervisor and an administrator keep all, a regional supervisor the experts based in the
/// own district. Nobody else has to do with experts.
/// </summary>
public sealed class ExpertAccess(ConsultationDb db, Execution execution)
{
    /// <exception cref="Forbidden">The role has nothing to do with experts.</exception>
    public IQueryable<Expert> Visible()
    {
        var actor = execution.Actor;
        var experts = db.Set<Expert>().AsNoTracking();
        return actor.Can(Permission.ManageExperts) || actor.Can(Permission.OfferCase) ? experts
            : actor is { Role: Role.Expert, Expert: { } own } ? experts.Where(e => e.Id == own)
            : throw new Forbidden();
    }

    /// <summary>The expert for a change of what only those may change who keep the list.</summary>
    /// <exception cref="NotFound">No such expert.</exception>
    /// <exception cref="Forbidden"><c>expert.other_district</c></exception>
    public Task<Expert> ForKeepingAsync(ExpertId id, CancellationToken cancellationToken) => LockedAsync(id, cancellationToken);

    /// <summary>The expert for a change of working pattern or absence, locked until the transaction ends.</summary>
    /// <exception cref="NotFound">No such expert, or an expert asks for another's record.</exception>
    /// <exception cref="Forbidden">The role may not keep anybody's availability; <c>expert.other_district</c>.</exception>
    /// <exception cref="Conflict"><c>version.stale</c>: the caller named an older version.</exception>
    public async Task<Expert> ForAvailabilityAsync(ExpertId id, CancellationToken cancellationToken)
    {
        var actor = execution.Actor;
        if (!actor.Can(Permission.ManageExperts) && actor.Expert != id)
        {
            throw actor.Can(Permission.KeepOwnAvailability) ? new NotFound() : new Forbidden();
        }

        return await LockedAsync(id, cancellationToken);
    }

    /// <summary>True where a regional supervisor is at home; nobody else is bound to a district.</summary>
    /// <param name="basePrefecture">JIS code or name of the expert's base.</param>
    public static bool MayKeep(Actor actor, string basePrefecture) =>
        actor is not { Role: Role.Supervisor, District: { } own } || Prefectures.Find(basePrefecture)?.District.Slug == own;

    /// <exception cref="Forbidden"><c>expert.other_district</c></exception>
    public static void DemandKeeping(Actor actor, string basePrefecture)
    {
        if (!MayKeep(actor, basePrefecture))
        {
            throw new Forbidden("expert.other_district");
        }
    }

    /// <summary>For a base that somebody writes: a regional supervisor neither takes in nor gives away beyond the own district.</summary>
    /// <exception cref="InvalidInput"><c>expert.other_district</c></exception>
    internal void DemandBase(string basePrefecture)
    {
        if (!MayKeep(execution.Actor, basePrefecture))
        {
            throw new InvalidInput("prefecture", "expert.other_district");
        }
    }

    private async Task<Expert> LockedAsync(ExpertId id, CancellationToken cancellationToken)
    {
        // Not FOR UPDATE: whoever only refers to the expert by a foreign key need not wait.
        await db.Database.ExecuteSqlAsync($"select 1 from experts where id = {id.Value} for no key update", cancellationToken);
        var found = await db.Set<Expert>().Include(e => e.Topics).Include(e => e.Hours).Include(e => e.Days).Include(e => e.Absences).AsSplitQuery()
            .FirstOrDefaultAsync(e => e.Id == id, cancellationToken) ?? throw new NotFound();
        DemandKeeping(execution.Actor, found.BasePrefecture);
        return execution.ExpectedVersion is { } expected && expected != found.Version ? throw new Conflict("version.stale") : found;
    }
}
