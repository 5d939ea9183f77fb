using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A hold past its time or needless, and what must be locked to end it.</summary>
internal sealed record EndingHold(VisitId Visit, CaseId Case, QuotaKey? Account, IReadOnlyList<ExpertId> Experts);

/// <summary>Ends holds (仮押さえ) whose time is over: by the job, or at once by the booking that wants their time.</summary>
public sealed class ExpiredHolds(ConsultationDb db, Execution execution, CaseAccess cases, VisitQuota quota, ExpertDiary diary, VisitLetters letters)
{
    /// <summary>Those of these experts.</summary>
    internal IReadOnlyList<EndingHold> Find(RoundTrip trip, IEnumerable<ExpertId> of) =>
        Read(trip, $"where {Expired()} and exists (select 1 from visit_experts e where e.visit_id = visits.id and e.expert_id = any({of.Select(e => e.Value).ToArray()}))");

    /// <summary>This one.</summary>
    internal IReadOnlyList<EndingHold> Find(RoundTrip trip, VisitId hold) => Read(trip, $"where {Expired()} and id = {hold.Value}");

    private FormattableString Expired() => $"state = 'held' and hold_expires_at <= {execution.Now.ToUniversalTime()}";

    /// <summary>The hold that stands for a client who waits, which another booking of the case ends.</summary>
    internal static IReadOnlyList<EndingHold> OfferedTo(RoundTrip trip, CaseId id) =>
        Read(trip, $"where state = 'held' and id = (select offered_visit from slot_wishes where case_id = {id.Value} and state = 'offered' and replaces is null)");

    private static IReadOnlyList<EndingHold> Read(RoundTrip trip, FormattableString which) => trip.Rows(
        $"select id, case_id, organisation_id, fiscal_year, quota_units, array(select distinct x.expert_id from visit_experts x where x.visit_id = visits.id) from visits {which}",
        r =>
        {
            var (visit, @case, account) = (r.Id<VisitId>(), r.Id<CaseId>(), new QuotaKey(r.Id<OrganisationId>(), r.Value<int>()));
            return new EndingHold(visit, @case, r.Value<int>() > 0 ? account : null, [.. r.Value<Guid[]>().Select(e => new ExpertId(e))]);
        });

    /// <summary>Locks cases in one order; a row lock taken twice is taken once.</summary>
    internal static void LockCases(RoundTrip trip, IEnumerable<CaseId> wanted) =>
        trip.Lock($"select 1 from cases where id = any({wanted.Select(c => c.Value).Distinct().ToArray()}) order by id for update");

    /// <summary>Experts (for a booking), accounts and cases are locked already.</summary>
    /// <returns>Those that were still holds.</returns>
    internal async Task<IReadOnlySet<Ref>> ReleaseAsync(IReadOnlyList<EndingHold> holds, CancellationToken cancellationToken)
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
