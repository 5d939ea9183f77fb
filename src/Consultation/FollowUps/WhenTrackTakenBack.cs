using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>Who no longer holds any track of the case no longer asks how it went; the desk does.</summary>
internal sealed class WhenTrackTakenBack(ConsultationDb db, Execution execution, CaseAccess cases) : INotificationHandler<TrackTakenBack>
{
    public async Task Handle(TrackTakenBack notification, CancellationToken cancellationToken)
    {
        var held = await db.Set<CaseTrack>().AnyAsync(
            t => t.CaseId == notification.Case && t.ExpertId == notification.Expert && t.Track != notification.Track && (t.State == TrackState.Held || t.State == TrackState.Done), cancellationToken);
        var own = await db.Set<FollowUp>().Where(f => f.CaseId == notification.Case && f.ExpertId == notification.Expert).ToListAsync(cancellationToken);
        var passed = own.Where(f => !held && f.IsOpen).OrderBy(f => f.Kind).ToList();
        if (passed.Count == 0)
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        foreach (var followUp in passed)
        {
            followUp.PassTo((ExpertId?)null);
            execution.Audit("follow_up.assigned", followUp.Id);
        }

        found.Tell(
            await cases.OccasionAsync(found.DeskId, cancellationToken), "follow_up_assigned",
            $"{string.Join("、", passed.Select(f => FollowUpWords.Of(f.Kind)))}を窓口に戻す（{CaseWords.Of(notification.Track)}の担当が替わるため）");
    }
}
