using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A visit ready to be changed, with its locked case.</summary>
internal sealed record VisitInHand(Visit Visit, Case Case, Occasion Occasion);

/// <summary>
/// Loads visits for change. The order of locks is the same for everybody: experts' diaries, quota accounts, case (design §5). The visit is
/// looked at without a lock to learn what to lock, and read again under the lock of its case.
/// </summary>
public sealed class VisitAccess(ConsultationDb db, Execution execution, CaseAccess cases, VisitQuota quota, ExpertDiary diary)
{
    /// <param name="more">Accounts beside the visit's own that the change may charge, learned from the first look.</param>
    /// <exception cref="NotFound">No such visit among those the actor may see; experts see only their own.</exception>
    internal async Task<VisitInHand> ForChangeAsync(VisitId id, CancellationToken cancellationToken, bool lockExperts = false, Func<Visit, QuotaKey>? more = null)
    {
        var seen = await SeenAsync(id, cancellationToken);
        if (lockExperts)
        {
            await diary.LockAsync(seen.ExpertIds, cancellationToken);
        }

        if (seen is { IsOpen: true, ConsumesQuota: true })
        {
            await quota.LockAsync(more is null ? [QuotaKey.Of(seen)] : [QuotaKey.Of(seen), more(seen)], cancellationToken);
        }

        var found = await cases.ForChangeAsync(seen.CaseId, cancellationToken);
        var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == id, cancellationToken);
        quota.DemandLocked(visit);
        return new(visit, found, await cases.OccasionAsync(found.DeskId, cancellationToken));
    }

    private async Task<Visit> SeenAsync(VisitId id, CancellationToken cancellationToken)
    {
        var seen = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            .Where(v => v.Id == id && db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Any(c => c.Id == v.CaseId))
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        return execution.Actor is { Role: Role.Expert, Expert: var own } && seen.Experts.All(e => e.ExpertId != own) ? throw new NotFound() : seen;
    }
}
