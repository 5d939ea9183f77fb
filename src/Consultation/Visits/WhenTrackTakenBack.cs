using Consultation.Cases;
using Consultation.Persistence;
using Consultation.Routing;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// The expert who lost a track does not come: that expert's open visits for it fall through, joint ones for everybody, so that the other
/// expert's time and the quota are free too (journey J19).
/// </summary>
internal sealed class WhenTrackTakenBack(ConsultationDb db, CaseAccess cases, VisitQuota quota, VisitCancellation cancellation) : INotificationHandler<TrackTakenBack>
{
    public async Task Handle(TrackTakenBack notification, CancellationToken cancellationToken)
    {
        var open = await db.Set<Visit>().Include(v => v.Experts)
            .Where(v => v.CaseId == notification.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed)
                && v.Experts.Any(e => e.Track == notification.Track && e.ExpertId == notification.Expert))
            .OrderBy(v => v.StartsAt).ToListAsync(cancellationToken);
        if (open.Count == 0)
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var (by, why) = notification.ByExpert ? (CancelledBy.Expert, "担当専門家の返上") : (CancelledBy.Desk, "担当専門家の変更");
        foreach (var visit in open)
        {
            quota.DemandLocked(visit);
            await cancellation.CancelAsync(new(visit, found, occasion), by, why, cancellationToken);
        }
    }
}
