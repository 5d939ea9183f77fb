using Consultation.Cases;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>What was answered or given up before its letter bounced is asked nobody by telephone.</summary>
internal sealed class WhenLetterLost(ConsultationDb db, CaseAccess cases, Approaches approaches) : INotificationHandler<LetterLost>
{
    public async Task Handle(LetterLost notification, CancellationToken cancellationToken)
    {
        if (!Approaches.IsOf(notification.EventKey))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var followUp in await db.Set<FollowUp>().Where(f => f.CaseId == found.Id && f.State != FollowUpState.Due).ToListAsync(cancellationToken))
        {
            await approaches.EndCallsAsync(found, followUp, answered: followUp.State == FollowUpState.Done, occasion, cancellationToken);
        }
    }
}
