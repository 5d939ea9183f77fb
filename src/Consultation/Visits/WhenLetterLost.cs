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
        var isReport = notification.EventKey.StartsWith(LateReports.Template, StringComparison.Ordinal);
        if (!isReport && !notification.EventKey.StartsWith("visit-", StringComparison.Ordinal))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (isReport)
        {
            await late.EndNeedlessAsync(found, occasion, cancellationToken);
            return;
        }

        foreach (var visit in await db.Set<Visit>().Where(v => v.CaseId == found.Id).ToListAsync(cancellationToken))
        {
            await letters.EndCallsAsync(visit, found, occasion, cancellationToken);
        }
    }
}
