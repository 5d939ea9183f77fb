using Consultation.Cases;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A date that was given up, moved or kept before its mail bounced is told nobody by telephone, and nobody is called for a report that is there.</summary>
internal sealed class WhenLetterLost(ConsultationDb db, CaseAccess cases, VisitLetters letters, LateReports late) : INotificationHandler<LetterLost>
{
    public async Task Handle(LetterLost notification, CancellationToken cancellationToken)
    {
        // The letter's template, then its own event: what happened and to which visit.
        if (notification.EventKey.Split('/') is not [_, var happened, var about, ..] || !VisitId.TryParse(about, null, out var id)
            || await db.Set<Visit>().FirstOrDefaultAsync(v => v.Id == id && v.CaseId == notification.Case, cancellationToken) is not { } visit)
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        await (happened == LateReports.Template
            ? late.EndNeedlessAsync(notification.EventKey, found, occasion, cancellationToken)
            : letters.EndCallsAsync(visit, found, occasion, cancellationToken));
    }
}
