using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A hold past its time, and what must be locked to end it.</summary>
internal sealed record ExpiredHold(VisitId Visit, CaseId Case, QuotaKey? Account);

/// <summary>Ends holds (仮押さえ) whose time is over: by the job, or at once by the booking that wants their time.</summary>
public sealed class ExpiredHolds(ConsultationDb db, Execution execution, CaseAccess cases, VisitQuota quota, ExpertDiary diary, VisitLetters letters)
{
    /// <param name="of">Only holds of these experts; of everybody where null.</param>
    internal IReadOnlyList<ExpiredHold> Find(RoundTrip trip, IEnumerable<ExpertId>? of, int most) => trip.Rows(
        $"""
        select id, case_id, organisation_id, fiscal_year, quota_units from visits
        where state = 'held' and hold_expires_at <= {execution.Now.ToUniversalTime()}
          and {(of is null ? $"true" : (FormattableString)$"exists (select 1 from visit_experts e where e.visit_id = visits.id and e.expert_id = any({of.Select(e => e.Value).ToArray()}))")}
        order by hold_expires_at limit {most}
        """,
        r =>
        {
            var (visit, @case, account) = (r.Id<VisitId>(), r.Id<CaseId>(), new QuotaKey(r.Id<OrganisationId>(), r.Value<int>()));
            return new ExpiredHold(visit, @case, r.Value<int>() > 0 ? account : null);
        });

    /// <summary>Locks cases in one order; a row lock taken twice is taken once.</summary>
    internal static void LockCases(RoundTrip trip, IEnumerable<CaseId> wanted) =>
        trip.Lock($"select 1 from cases where id = any({wanted.Select(c => c.Value).Distinct().ToArray()}) order by id for update");

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
