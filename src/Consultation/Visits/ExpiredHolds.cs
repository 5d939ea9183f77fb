using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A hold past its time, and what must be locked to end it.</summary>
internal sealed record ExpiredHold(VisitId Visit, CaseId Case, QuotaKey? Account);

/// <summary>Ends holds (仮押さえ) whose time is over: by the job, or at once by the booking that wants their time.</summary>
public sealed class ExpiredHolds(ConsultationDb db, Execution execution, CaseAccess cases, VisitQuota quota, ExpertDiary diary, VisitLetters letters)
{
    /// <param name="of">Only holds of these experts; of everybody where null.</param>
    internal async Task<IReadOnlyList<ExpiredHold>> FindAsync(IReadOnlyCollection<ExpertId>? of, int most, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var holds = db.Set<Visit>().AsNoTracking().Where(v => v.State == VisitState.Held && v.HoldExpiresAt <= now);
        if (of is not null)
        {
            holds = holds.Where(v => v.Experts.Any(e => of.Contains(e.ExpertId)));
        }

        var rows = await holds.OrderBy(v => v.HoldExpiresAt).Take(most)
            .Select(v => new { v.Id, v.CaseId, v.OrganisationId, v.FiscalYear, v.QuotaUnits }).ToListAsync(cancellationToken);
        return rows.Select(r => new ExpiredHold(r.Id, r.CaseId, r.QuotaUnits > 0 ? new(r.OrganisationId, r.FiscalYear) : null)).ToList();
    }

    /// <summary>Locks cases in one order; a row lock taken twice is taken once.</summary>
    internal async Task LockCasesAsync(IEnumerable<CaseId> wanted, CancellationToken cancellationToken)
    {
        var ids = wanted.Select(c => c.Value).Distinct().ToArray();
        await db.Database.ExecuteSqlAsync($"select 1 from cases where id = any({ids}) order by id for update", cancellationToken);
    }

    /// <summary>Experts (for a booking), accounts and cases are locked already.</summary>
    /// <returns>Those that were still holds.</returns>
    internal async Task<IReadOnlySet<Ref>> ReleaseAsync(IReadOnlyList<ExpiredHold> holds, CancellationToken cancellationToken)
    {
        var ended = new HashSet<Ref>();
        foreach (var hold in holds)
        {
            var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == hold.Visit, cancellationToken);
            if (!visit.HasExpired(execution.Now) || (visit.ConsumesQuota && hold.Account != QuotaKey.Of(visit)))
            {
                continue;
            }

            var found = await cases.ForConsequenceAsync(visit.CaseId, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken) with { Actor = Actor.System("expire-holds") };
            const string Why = "仮押さえの期限切れ";
            quota.Release(visit, Why, occasion);
            visit.Cancel(null, Why, occasion);
            await VisitNumbers.AgreeAsync(db, found.Id, cancellationToken);
            await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken);
            found.VisitFellThrough(visit.Tracks, await VisitAccess.CoveredBesideAsync(db, visit, cancellationToken), "hold_expired", $"{VisitWords.Of(visit)}の{Why}", occasion);
            await letters.EndCallsAsync(visit, found, occasion, cancellationToken);
            execution.Audit("visit.hold_expired", visit.Id);
            execution.Raise(new VisitCancelled(found.Id, visit.Id, visit.State));
            ended.Add(Ref.To(visit.Id));
        }

        return ended;
    }
}
