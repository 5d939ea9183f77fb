using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Takes a visit back that a disaster put off, as the same visit: its entry in everybody's calendar comes back with it.</summary>
public sealed class VisitReopening(ConsultationDb db, Execution execution, DeskBook desks, ExpiredHolds holds, ExpertDiary diary, VisitQuota quota)
{
    /// <param name="hand">Cancelled by a disaster; its experts' diaries, its account and its case are locked.</param>
    /// <exception cref="RuleViolation">
    /// <c>track.not_held</c>: somebody else holds a track since; a reason against the period; <c>visit.client_busy</c>, <c>quota.exhausted</c>.
    /// </exception>
    internal async Task ReopenAsync(VisitInHand hand, string reason, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = hand;
        if (visit.Experts.Any(e => found.TrackOf(e.Track) is not { State: TrackState.Held or TrackState.Done } held || held.ExpertId != e.ExpertId))
        {
            throw new RuleViolation("track.not_held");
        }

        var ended = await holds.ReleaseAsync(hand.Expired, cancellationToken);
        var plan = visit.Plan;
        await diary.WriteAsync(cancellationToken);
        // Whoever was on the road for it when it was put off, and has not turned back, is on the road for it now.
        var road = await diary.OnTheRoadAsync(Ref.To(visit.Id), cancellationToken);
        await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken, goingOn: BookableTime.GoingOn(road, visit.ExpertIds, found.Prefecture, plan));
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, visit.ExpertIds, found.Prefecture, plan.Start, plan.End, ended, cancellationToken);
        time.Road = road;
        await time.DemandFreeAsync(db, plan, execution.Now, ended, cancellationToken);
        if (await db.Set<Visit>().AnyAsync(
            v => v.CaseId == found.Id && v.Id != visit.Id && (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt < visit.EndsAt && visit.StartsAt < v.EndsAt, cancellationToken))
        {
            throw new RuleViolation("visit.client_busy");
        }

        // What does not count has no account; what a supervisor granted beyond the limit for this very visit is granted still.
        var granted = visit is { ConsumesQuota: true, QuotaReason: not null } ? quota.Lacking(QuotaKey.Of(visit), visit.QuotaUnits) : 0;
        if (visit.ConsumesQuota)
        {
            await quota.DemandLeftAsync(QuotaKey.Of(visit), visit.QuotaUnits - granted, cancellationToken);
        }

        visit.Reopen(granted);
        await VisitNumbers.AgreeAsync(db, found.Id, cancellationToken);
        quota.Hold(visit, occasion);
        foreach (var expert in time.Experts)
        {
            await time.TakeAsync(diary, expert, Ref.To(visit.Id), plan, DiaryState.Confirmed, cancellationToken);
        }

        found.VisitBooked(visit.Tracks, $"{VisitWords.Of(visit)}を再び予約: {reason}", occasion);
        execution.Audit("visit.reopened", visit.Id);
        execution.Raise(new VisitBooked(found.Id, visit.Id));
    }
}
