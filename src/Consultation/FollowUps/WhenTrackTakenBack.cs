using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>Who no longer holds any track of the case no longer asks how it went; the desk does.</summary>
internal sealed class WhenTrackTakenBack(ConsultationDb db) : INotificationHandler<TrackTakenBack>
{
    public async Task Handle(TrackTakenBack notification, CancellationToken cancellationToken)
    {
        var held = await db.Set<CaseTrack>().AnyAsync(
            t => t.CaseId == notification.Case && t.ExpertId == notification.Expert && t.Track != notification.Track && (t.State == TrackState.Held || t.State == TrackState.Done), cancellationToken);
        var own = await db.Set<FollowUp>().Where(f => f.CaseId == notification.Case && f.ExpertId == notification.Expert).ToListAsync(cancellationToken);
        foreach (var followUp in own.Where(f => !held && f.IsOpen))
        {
            followUp.PassTo((ExpertId?)null);
        }
    }
}
