using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Ends offers whose clock has run out; their tracks wait again. Judges by the case's acceptance deadline and not by the offer, because a
/// hold pauses the one and not the other. One batch a run; cases somebody works on just now are left for the next.
/// </summary>
/// <returns>How many offers ended; as many as <see cref="Batch"/> cases mean there may be more.</returns>
[Requires(Permission.Operate)]
public sealed record ExpireOffers : ICommand<int>
{
    public const int Batch = 100;
}

internal sealed class ExpireOffersHandler(ConsultationDb db, Execution execution, CaseAccess access, OfferCalls calls) : IRequestHandler<ExpireOffers, int>
{
    public async Task<int> Handle(ExpireOffers request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var due = await db.Database.SqlQuery<Guid>($"""
            select c.id as "Value" from cases c
            where c.id in (
              select o.case_id from offers o
              join deadlines d on d.case_id = o.case_id and d.track = o.track and d.kind = 'acceptance' and d.state = 'open'
              where o.state = 'open' and d.due_at <= {now})
            order by c.id limit {ExpireOffers.Batch} for update skip locked
            """).ToListAsync(cancellationToken);
        var ended = 0;
        foreach (var id in due.Select(CaseId.From))
        {
            ended += await ExpireAsync(await access.ForChangeByAnyAsync(id, cancellationToken), now, cancellationToken);
        }

        return ended;
    }

    private async Task<int> ExpireAsync(Case found, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var open = await (
            from o in db.Set<Offer>()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where o.CaseId == found.Id && o.State == OfferState.Open
            orderby o.Track
            select new { Offer = o, e.Name }).ToListAsync(cancellationToken);
        var late = open.Where(o => found.Deadlines.Any(d => d.Kind == DeadlineKind.Acceptance && d.Track == o.Offer.Track && d.State == DeadlineState.Open && d.DueAt <= now)).ToList();
        foreach (var (offer, name) in late.Select(o => (o.Offer, o.Name)))
        {
            offer.Expire(execution.Actor, execution.Now);
            found.OfferEnded(offer.Track, "offer_expired", $"{name}への打診が回答のないまま期限切れ", occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            execution.Audit("offer.expired", offer.Id);
        }

        return late.Count;
    }
}
