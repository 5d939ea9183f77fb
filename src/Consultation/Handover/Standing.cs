using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>A track that cannot wait, with its case and all its booked visits as they are stored: whoever takes the track takes them.</summary>
internal sealed record StandingTrack(Case Case, CaseTrack Track, IReadOnlyList<Visit> Visits, IReadOnlySet<VisitId> InAbsence)
{
    public HandoverItem Item => new(
        Case.Id, Case.Number, Track.Track, Track.OfferId!.Value, Track.State == TrackState.Offered,
        [.. Visits.Select(v => new HandoverVisit(v.Id, v.Ordinal, v.Plan.Start, v.Plan.End, v.Mode, InAbsence.Contains(v.Id)))]);
}

/// <summary>
/// What stands in an absence: questions whose answer falls due in it, tracks with a visit in it, tracks whose first date falls due in it or is overdue,
/// follow-ups of the expert's. What can wait until the expert is back stays with the expert; a report that is owed is nobody else's to write.
/// </summary>
public sealed class Standing(ConsultationDb db, Execution execution)
{
    /// <param name="among">Only these cases, locked by the caller; all where null.</param>
    internal async Task<IReadOnlyList<StandingTrack>> TracksAsync(
        ExpertId expert, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<CaseId>? among, CancellationToken cancellationToken)
    {
        var (begins, ends) = (from.ToUniversalTime(), to.ToUniversalTime());
        var cases = await db.Set<Case>()
            .Include(c => c.Tracks).Include(c => c.Deadlines.Where(d => d.State == DeadlineState.Open || d.State == DeadlineState.Paused))
            .Where(c => c.Status != CaseStatus.Closed && c.Tracks.Any(t => t.ExpertId == expert && (t.State == TrackState.Offered || t.State == TrackState.Held)))
            .Where(c => among == null || among.Contains(c.Id)).Where(CaseAccess.Visible(execution.Actor)).ToListAsync(cancellationToken);
        var ids = cases.Select(c => c.Id).ToList();
        var visits = (await db.Set<Visit>().Include(v => v.Experts)
            .Where(v => ids.Contains(v.CaseId) && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).OrderBy(v => v.StartsAt).ThenBy(v => v.Id).ToListAsync(cancellationToken)).ToLookup(v => v.CaseId);
        var standing =
            from c in cases
            from t in c.Tracks
            where t.ExpertId == expert && t is { OfferId: not null, State: TrackState.Offered or TrackState.Held }
            let own = visits[c.Id].Where(v => v.Experts.Any(e => e.Track == t.Track && e.ExpertId == expert)).ToList()
            let within = own.Where(v => v.StartsAt < ends && begins < v.EndsAt && execution.Now < v.EndsAt).Select(v => v.Id).ToHashSet()
            where (t.State == TrackState.Offered && t.RespondBy >= begins && t.RespondBy < ends) || within.Count > 0 || (own.Count == 0 && FallsDue(c, t.Track, begins, ends, execution.Now))
            select new StandingTrack(c, t, own, within);
        // The next visit first, then questions, then what has no date yet.
        return [.. standing.OrderBy(s => s.Visits.Count == 0).ThenBy(s => s.Visits.Count == 0 ? s.Case.ReceivedAt : s.Visits[0].StartsAt).ThenBy(s => s.Case.Id.Value).ThenBy(s => s.Track.Track)];
    }

    /// <summary>How many cases of other districts the expert has in hand; whoever keeps them is told by number only.</summary>
    internal Task<int> ElsewhereAsync(ExpertId expert, CancellationToken cancellationToken)
    {
        var own = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)).Select(c => c.Id);
        return db.Set<Case>().CountAsync(
            c => c.Status != CaseStatus.Closed && !own.Contains(c.Id) && c.Tracks.Any(t => t.ExpertId == expert && (t.State == TrackState.Offered || t.State == TrackState.Held)), cancellationToken);
    }

    internal async Task<IReadOnlyList<HandoverFollowUp>> FollowUpsAsync(ExpertId expert, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, last) = (JapanTime.DateOf(from), JapanTime.DateOf(to.AddTicks(-1)));
        return await (
            from f in db.Set<FollowUp>()
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on f.CaseId equals c.Id
            where f.ExpertId == expert && f.DueOn <= last && (f.State == FollowUpState.Due || (f.State == FollowUpState.Planned && f.DueOn >= first))
            orderby f.DueOn, f.Id
            select new HandoverFollowUp(f.Id, c.Id, c.Number, f.Kind, f.DueOn)).ToListAsync(cancellationToken);
    }

    private static bool FallsDue(Case found, Track track, DateTimeOffset begins, DateTimeOffset ends, DateTimeOffset now) =>
        found.Deadlines.Any(d => d.Kind == DeadlineKind.FirstVisit && d.Track == track && d.State == DeadlineState.Open && d.DueAt < ends && (d.DueAt >= begins || d.DueAt <= now));
}
