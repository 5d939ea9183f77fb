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
        // The letter's template, then its own event: what was asked and at which follow-up.
        if (!Approaches.IsOf(notification.EventKey) || notification.EventKey.Split('/') is not [_, _, var about, ..] || !FollowUpId.TryParse(about, null, out var id))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        if (await db.Set<FollowUp>().FirstOrDefaultAsync(f => f.Id == id && f.CaseId == found.Id && f.State != FollowUpState.Due, cancellationToken) is { } followUp)
        {
            await approaches.EndCallsAsync(found, followUp, answered: followUp.State == FollowUpState.Done, await cases.OccasionAsync(found.DeskId, cancellationToken), cancellationToken);
        }
    }
}
