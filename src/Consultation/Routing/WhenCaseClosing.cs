using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>An expert who has been asked stands against closing, or is told off where open work is to be closed too.</summary>
internal sealed class WhenCaseClosing(ConsultationDb db, CaseAccess access, OfferCalls calls, Offering offering) : INotificationHandler<CaseClosing>
{
    public async Task Handle(CaseClosing notification, CancellationToken cancellationToken)
    {
        var open = await (
            from o in db.Set<Offer>()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where o.CaseId == notification.Case && o.State == OfferState.Open
            orderby o.Track
            select new { Offer = o, e.Name }).ToListAsync(cancellationToken);
        if (open.Count == 0)
        {
            return;
        }

        if (!notification.CloseOpenWork)
        {
            notification.Objections.AddRange(open.Select(o => new Objection("offer.open", $"{CaseWords.Of(o.Offer.Track)}の{o.Name}さんに打診中です")));
            return;
        }

        // Loaded and locked by CloseCase already; a second load would compare a version that other reactions may have raised.
        var found = (await db.FindAsync<Case>([notification.Case], cancellationToken))!;
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var row in open)
        {
            await offering.TakeBackAsync(found, row.Offer, row.Name, "案件の完了", occasion, cancellationToken);
            found.OfferEnded(row.Offer.Track, "offer_withdrawn", $"{row.Name}への打診を取下げ（案件の完了）", occasion);
            await calls.EndAsync(row.Offer, found, occasion, cancellationToken);
        }
    }
}
