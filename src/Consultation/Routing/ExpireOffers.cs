using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// Job: ends offers whose clock has run out; their tracks wait again. Judges by the case's acceptance deadline and not by the offer, because a
/// hold pauses the one and not the other. Each case is a transaction of its own. Answers of how many cases offers ended.
/// </summary>
/// <exception cref="PartlyDone">Those of all others have ended; of these they could not.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record ExpireOffers(int Most = 200) : ICommand<int>;

internal sealed class ExpireOffersHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<ExpireOffers, int>
{
    public async Task<int> Handle(ExpireOffers request, CancellationToken cancellationToken)
    {
        var due = await db.Database.SqlQuery<Guid>($"""
            select o.case_id as "Value" from offers o
            join deadlines d on d.case_id = o.case_id and d.track = o.track and d.kind = 'acceptance' and d.state = 'open'
            where o.state = 'open' and d.due_at <= {execution.Now.ToUniversalTime()}
            group by o.case_id order by exists (select 1 from work_failures w where w.row_id = o.case_id::text), min(d.due_at), o.case_id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(due, id => new ExpireOffersOf(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>Ends the offers of one case whose clock has run out. False where they were answered meanwhile, or the case is on hold.</summary>
[Requires(Permission.Operate)]
public sealed record ExpireOffersOf(CaseId Case) : ICommand<bool>;

internal sealed class ExpireOffersOfHandler(ConsultationDb db, Execution execution, CaseAccess access, OfferCalls calls) : IRequestHandler<ExpireOffersOf, bool>
{
    public async Task<bool> Handle(ExpireOffersOf request, CancellationToken cancellationToken)
    {
        var found = await access.ForConsequenceAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var open = await (
            from o in db.Set<Offer>()
            join e in db.Set<Expert>() on o.ExpertId equals e.Id
            where o.CaseId == found.Id && o.State == OfferState.Open
            orderby o.Track
            select new { Offer = o, e.Name }).ToListAsync(cancellationToken);
        var late = open.Where(o => found.Deadlines.Any(d => d.Kind == DeadlineKind.Acceptance && d.Track == o.Offer.Track && d.State == DeadlineState.Open && d.DueAt <= occasion.Now)).ToList();
        foreach (var (offer, name) in late.Select(o => (o.Offer, o.Name)))
        {
            offer.Expire(execution.Actor, execution.Now);
            found.OfferEnded(offer.Track, "offer_expired", $"{name}への打診が回答のないまま期限切れ", occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            execution.Audit("offer.expired", offer.Id);
        }

        return late.Count > 0;
    }
}
