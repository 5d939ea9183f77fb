using System.Linq.Expressions;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A visit ready to be changed, with its locked case.</summary>
internal sealed record VisitInHand(Visit Visit, Case Case, Occasion Occasion)
{
    /// <summary>Holds of the visit's experts that have run out; everything they need is locked.</summary>
    public IReadOnlyList<EndingHold> Expired { get; init; } = [];
}

/// <summary>
/// Loads visits for change. The order of locks is the same for everybody: experts' diaries, quota accounts, case (design §5). The visit is
/// looked at without a lock to learn what to lock, and read again under the lock of its case.
/// </summary>
public sealed class VisitAccess(ConsultationDb db, Execution execution, CaseAccess cases, VisitQuota quota, ExpiredHolds holds)
{
    /// <summary>
    /// Which visits an actor may see: those of visible cases, for an expert only where that expert comes. What an expert still owes
    /// without holding the track is <see cref="Owing"/>.
    /// </summary>
    internal static Expression<Func<Visit, bool>> Visible(ConsultationDb db, Actor actor)
    {
        var cases = db.Set<Case>().Where(CaseAccess.Visible(actor));
        return actor is { Role: Role.Expert, Expert: { } own }
            ? v => v.Experts.Any(e => e.ExpertId == own) && cases.Any(c => c.Id == v.CaseId)
            : v => cases.Any(c => c.Id == v.CaseId);
    }

    /// <summary>Visits that took place with this expert and still wait for the expert's own report.</summary>
    internal static Expression<Func<Visit, bool>> Owing(ConsultationDb db, ExpertId own) =>
        v => v.State == VisitState.TookPlace && v.Experts.Any(e => e.ExpertId == own
            && !db.Set<SessionReport>().Any(r => r.VisitId == v.Id && r.Track == e.Track && r.State != ReportState.Returned));

    /// <summary>The same, and those whose dictated report the expert may still write anew.</summary>
    internal static Expression<Func<Visit, bool>> Writable(ConsultationDb db, ExpertId own) =>
        v => v.State == VisitState.TookPlace && v.Experts.Any(e => e.ExpertId == own
            && !db.Set<SessionReport>().Any(r => r.VisitId == v.Id && r.Track == e.Track && r.State != ReportState.Returned && (r.Confirmed || r.State != ReportState.Submitted)));

    /// <summary>Whether the actor may write this report: experts the own one, also after the track was lost, the desk any of a visible case.</summary>
    internal static Task<bool> MayWriteAsync(ConsultationDb db, Actor actor, VisitId visit, Track track, CancellationToken cancellationToken)
    {
        var visits = db.Set<Visit>().Where(v => v.Id == visit && v.State == VisitState.TookPlace);
        return (actor is { Role: Role.Expert, Expert: { } own }
            ? visits.Where(Writable(db, own)).Where(v => v.Experts.Any(e => e.ExpertId == own && e.Track == track))
            : visits.Where(Visible(db, actor)).Where(v => v.Experts.Any(e => e.Track == track))).AnyAsync(cancellationToken);
    }

    /// <summary>Visits with a report of this expert that was taken down as dictated and waits for the expert's own word.</summary>
    internal static Expression<Func<Visit, bool>> ToConfirm(ConsultationDb db, ExpertId own) =>
        v => db.Set<SessionReport>().Any(r => r.VisitId == v.Id && r.ExpertId == own && !r.Confirmed && (r.State == ReportState.Submitted || r.State == ReportState.Approved));

    /// <summary>How this visit stands among the others of its track.</summary>
    /// <returns>
    /// <c>Newest</c>: no later one took place. <c>NextIsOpen</c>: another one is booked, or its report still owed by who holds the track now.
    /// </returns>
    internal static async Task<(bool Newest, bool NextIsOpen)> AmongAsync(ConsultationDb db, Visit visit, CaseTrack? track, CancellationToken cancellationToken)
    {
        if (track is null)
        {
            return (true, false);
        }

        var others = await db.Set<Visit>().Include(v => v.Experts)
            .Where(v => v.CaseId == visit.CaseId && v.Id != visit.Id && v.Experts.Any(e => e.Track == track.Track)).ToListAsync(cancellationToken);
        var reports = await db.Set<SessionReport>().Where(r => r.CaseId == visit.CaseId && r.Track == track.Track).ToListAsync(cancellationToken);
        // What this very change cancelled or filed is still open and owed in the database, but not here.
        var filed = db.Set<SessionReport>().Local.Union(reports).Where(r => r.Track == track.Track && r.State != ReportState.Returned).Select(r => r.VisitId).ToHashSet();
        var held = others.Where(v => v.State == VisitState.TookPlace).ToList();
        return (held.All(v => v.StartsAt < visit.StartsAt),
            others.Any(v => v.IsOpen) || held.Any(v => !filed.Contains(v.Id) && v.Experts.Any(e => e.Track == track.Track && e.ExpertId == track.ExpertId)));
    }

    /// <summary>The tracks that the other open visits of the case serve, as this change leaves them.</summary>
    internal static async Task<IReadOnlySet<Track>> CoveredBesideAsync(ConsultationDb db, Visit fallen, CancellationToken cancellationToken)
    {
        var others = await db.Set<Visit>().Include(v => v.Experts)
            .Where(v => v.CaseId == fallen.CaseId && v.Id != fallen.Id && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).ToListAsync(cancellationToken);
        // One that this very change cancelled is still open in the database.
        return others.Where(v => v.IsOpen).SelectMany(v => v.Tracks).ToHashSet();
    }

    /// <exception cref="NotFound">No such visit among those the actor may see; experts see only their own.</exception>
    internal Task<VisitInHand> ForChangeAsync(VisitId id, CancellationToken cancellationToken) => ForChangeAsync(Visible(db, execution.Actor), cases.ForChange, id, cancellationToken);

    /// <summary>For the client who holds the link of this visit; the link is the right.</summary>
    internal Task<VisitInHand> ForClientAsync(VisitId id, CancellationToken cancellationToken) => ForChangeAsync(_ => true, cases.ForChangeByAny, id, cancellationToken);

    /// <summary>The same, to move it.</summary>
    internal Task<VisitInHand> ForClientMoveAsync(VisitId id, int year, CancellationToken cancellationToken) => ForMoveAsync(_ => true, cases.ForChangeByAny, id, year, cancellationToken);

    private async Task<VisitInHand> ForChangeAsync(Expression<Func<Visit, bool>> among, Func<RoundTrip, CaseId, Func<Case>> load, VisitId id, CancellationToken cancellationToken)
    {
        var seen = await FindAsync(among, id, cancellationToken) ?? throw new NotFound();
        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, seen.ExpertIds);
        await quota.LockAsync(locks, AccountOf(seen), cancellationToken);
        var found = load(locks, seen.CaseId);
        await locks.GoAsync(cancellationToken);
        return await TakeAsync(seen, found(), cancellationToken);
    }

    /// <summary>The same for whoever writes a report: an expert who lost the track may still hand in what is owed and confirm what was dictated.</summary>
    /// <exception cref="NotFound">No such visit among those the actor may see, nor one whose report the actor owes.</exception>
    internal async Task<VisitInHand> ForReportAsync(VisitId id, CancellationToken cancellationToken)
    {
        var owing = execution.Actor is { Role: Role.Expert, Expert: { } own }
            ? await FindAsync(Owing(db, own), id, cancellationToken) ?? await FindAsync(ToConfirm(db, own), id, cancellationToken)
            : null;
        if (owing is null)
        {
            return await ForChangeAsync(id, cancellationToken);
        }

        return await TakeAsync(owing, await cases.ForChangeByAnyAsync(owing.CaseId, cancellationToken), cancellationToken);
    }

    /// <summary>With its experts' diaries, the account of the year it moves to, and whatever holds of its experts have run out.</summary>
    /// <exception cref="NotFound">No such visit among those the actor may see; experts see only their own.</exception>
    internal Task<VisitInHand> ForMoveAsync(VisitId id, int year, CancellationToken cancellationToken) =>
        ForMoveAsync(Visible(db, execution.Actor), cases.ForChange, id, year, cancellationToken);

    /// <summary>The same for one that was cancelled and is to stand again: its account is locked though it is not open.</summary>
    internal async Task<VisitInHand> ForReopeningAsync(VisitId id, CancellationToken cancellationToken)
    {
        var seen = await FindAsync(Visible(db, execution.Actor), id, cancellationToken) ?? throw new NotFound();
        return await ForMoveAsync(v => v.Id == id, cases.ForChange, id, seen.FiscalYear, cancellationToken, again: true);
    }

    private async Task<VisitInHand> ForMoveAsync(Expression<Func<Visit, bool>> among, Func<RoundTrip, CaseId, Func<Case>> load, VisitId id, int year, CancellationToken cancellationToken, bool again = false)
    {
        var seen = await FindAsync(among, id, cancellationToken) ?? throw new NotFound();
        var diaries = new RoundTrip(db);
        ExpertDiary.Lock(diaries, seen.ExpertIds);
        var holding = holds.Find(diaries, seen.ExpertIds);
        await diaries.GoAsync(cancellationToken);
        // The visit itself is none of them: that its own hold ran out is the answer.
        var expired = holding.Where(h => h.Visit != id).ToList();
        var accounts = AccountOf(seen).Concat(expired.Where(h => h.Account is not null).Select(h => h.Account!));
        var locks = new RoundTrip(db);
        await quota.LockAsync(locks, seen.ConsumesQuota && (seen.IsOpen || again) ? accounts.Append(new(seen.OrganisationId, year)) : accounts, cancellationToken);
        ExpiredHolds.LockCases(locks, expired.Select(h => h.Case).Append(seen.CaseId));
        var found = load(locks, seen.CaseId);
        await locks.GoAsync(cancellationToken);
        return await TakeAsync(seen, found(), cancellationToken) with { Expired = expired };
    }

    private static IEnumerable<QuotaKey> AccountOf(Visit seen) => seen is { IsOpen: true, ConsumesQuota: true } ? [QuotaKey.Of(seen)] : [];

    private async Task<VisitInHand> TakeAsync(Visit seen, Case found, CancellationToken cancellationToken)
    {
        var visit = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == seen.Id, cancellationToken);
        quota.DemandLocked(visit);
        if (!visit.ExpertIds.ToHashSet().SetEquals(seen.ExpertIds))
        {
            // Somebody else goes there since the look; whose diary is locked is another's.
            throw new Conflict("busy");
        }

        return new(visit, found, await cases.OccasionAsync(found.DeskId, cancellationToken));
    }

    private Task<Visit?> FindAsync(Expression<Func<Visit, bool>> among, VisitId id, CancellationToken cancellationToken) =>
        db.Set<Visit>().AsNoTracking().Include(v => v.Experts).Where(among).Where(v => v.Id == id).FirstOrDefaultAsync(cancellationToken);
}
