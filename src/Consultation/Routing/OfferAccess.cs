using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>An offer that is about to be answered, with its case locked.</summary>
public sealed record OfferAtHand(Offer Offer, Case Case, string ExpertName, Occasion Occasion);

/// <summary>Whose offers an actor may answer: an expert the own ones, a desk those of the cases it may see.</summary>
public sealed class OfferAccess(ConsultationDb db, Execution execution, CaseAccess cases)
{
    /// <summary>Locks the case and reads the offer after that, so that of two answers the second sees the first.</summary>
    /// <exception cref="NotFound">No such offer among those the actor may answer.</exception>
    /// <exception cref="InvalidInput"><c>offer.source_needed</c>: somebody answers for the expert and does not say how it is known.</exception>
    public async Task<OfferAtHand> ForAnswerAsync(OfferId id, string? source, CancellationToken cancellationToken)
    {
        var known = await db.Set<Offer>().AsNoTracking().Where(o => o.Id == id).Select(o => new { o.CaseId, o.ExpertId }).FirstOrDefaultAsync(cancellationToken)
            ?? throw new NotFound();
        var isOwn = execution.Actor.Role == Role.Expert && execution.Actor.Expert == known.ExpertId;
        if (execution.Actor.Role == Role.Expert && !isOwn)
        {
            throw new NotFound();
        }

        // An expert who declined no longer sees the case, but may still say the same again.
        var found = isOwn ? await cases.ForChangeByAnyAsync(known.CaseId, cancellationToken) : await cases.ForChangeAsync(known.CaseId, cancellationToken);
        if (!isOwn && string.IsNullOrWhiteSpace(source))
        {
            throw new InvalidInput("source", "offer.source_needed");
        }

        var (offer, name) = await WithNameAsync(db, id, cancellationToken);
        return new(offer, found, name, await cases.OccasionAsync(found.DeskId, cancellationToken));
    }

    internal static async Task<(Offer Offer, string ExpertName)> WithNameAsync(ConsultationDb db, OfferId id, CancellationToken cancellationToken)
    {
        var row = await (
            from o in db.Set<Offer>()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where o.Id == id
            select new { Offer = o, e.Name }).SingleAsync(cancellationToken);
        return (row.Offer, row.Name);
    }
}
