using Consultation.Cases;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>A question that was answered or taken back before its mail bounced is asked nobody by telephone.</summary>
internal sealed class WhenLetterLost(ConsultationDb db, CaseAccess cases, OfferCalls calls) : INotificationHandler<LetterLost>
{
    public async Task Handle(LetterLost notification, CancellationToken cancellationToken)
    {
        if (!notification.EventKey.StartsWith(Offering.Template + "/", StringComparison.Ordinal))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var ended in await db.Set<Offer>().Where(o => o.CaseId == found.Id && o.State != OfferState.Open).ToListAsync(cancellationToken))
        {
            await calls.EndAsync(ended, found, occasion, cancellationToken);
        }
    }
}
