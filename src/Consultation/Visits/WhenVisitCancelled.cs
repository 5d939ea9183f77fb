using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// A hold that ran out or was declined leaves its client waiting for other times; a booked visit that was to be earlier and is cancelled by its client
/// ends the wish, and by anybody else leaves the client waiting for any time.
/// </summary>
internal sealed class WhenVisitCancelled(ConsultationDb db, Execution execution, CaseAccess cases, SlotWishes wishes, VisitCancellation cancellation) : INotificationHandler<VisitCancelled>
{
    public async Task Handle(VisitCancelled notification, CancellationToken cancellationToken)
    {
        if (await wishes.OpenOfAsync(notification.Case, cancellationToken) is not { } wish || (wish.OfferedVisit != notification.Visit && wish.Replaces != notification.Visit))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var visit = await db.Set<Visit>().SingleAsync(v => v.Id == notification.Visit, cancellationToken);
        if (wish.OfferedVisit == notification.Visit)
        {
            await wishes.PassAsync(wish, visit, found, occasion, cancellationToken);
            // What was given up while the offer stood was told to nobody who had one.
            await FreedTime.MarkAsync(db, [.. found.Tracks.Select(t => t.ExpertId).OfType<ExpertId>().Distinct()], execution.Now, cancellationToken);
            return;
        }

        var held = wish.OfferedVisit is { } id ? await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == id, cancellationToken) : null;
        if (visit.CancelledBy == CancelledBy.Client)
        {
            await wishes.EndAsync(wish, found, "予約の取消し", occasion, cancellationToken);
        }
        else
        {
            wish.WantAny();
        }

        // The hold was made in place of the visit that is gone, and counts nothing.
        if (held is { IsOpen: true })
        {
            await cancellation.CancelAsync(new(held, found, occasion), CancelledBy.Desk, "早める予約の取消し", cancellationToken);
        }
    }
}
