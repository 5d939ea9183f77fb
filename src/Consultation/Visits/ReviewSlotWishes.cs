using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Job, each morning: ends the wishes whose last day has passed, each in a transaction of its own, and has everything looked at once more for those who go
/// on waiting – hours that were widened or an absence that was taken back free time too, without a visit that was given up. Answers how many ended.
/// </summary>
/// <exception cref="PartlyDone">All others have ended; these could not be ended.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record ReviewSlotWishes(int Most = 200) : ICommand<int>;

internal sealed class ReviewSlotWishesHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<ReviewSlotWishes, int>
{
    public async Task<int> Handle(ReviewSlotWishes request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        // Whatever is marked already is looked at anyway; a second batch of the same morning marks nothing twice.
        await db.Database.ExecuteSqlAsync($"""
            insert into freed_times (expert_id, freed_at)
            select distinct t.expert_id, {execution.Now.ToUniversalTime()} from slot_wishes w join case_tracks t on t.case_id = w.case_id
            where w.state = 'waiting' and w.to_on >= {today} and t.expert_id is not null and not exists (select 1 from freed_times f where f.expert_id = t.expert_id)
            """, cancellationToken);
        var over = await db.Database.SqlQuery<Guid>($"""
            select s.id as "Value" from slot_wishes s where s.state = 'waiting' and s.to_on < {today}
            order by exists (select 1 from work_failures w where w.row_id = s.id::text), s.id limit {request.Most}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(over, id => new EndPassedWish(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>The last day of one wish has passed. False where it does not wait any more, or longer now.</summary>
[Requires(Permission.Operate)]
public sealed record EndPassedWish(SlotWishId Wish) : ICommand<bool>;

internal sealed class EndPassedWishHandler(ConsultationDb db, CaseAccess cases, SlotWishes wishes) : IRequestHandler<EndPassedWish, bool>
{
    public async Task<bool> Handle(EndPassedWish request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<SlotWish>().Where(w => w.Id == request.Wish).Select(w => (CaseId?)w.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var wish = await db.Set<SlotWish>().SingleAsync(w => w.Id == request.Wish, cancellationToken);
        if (wish.State != WishState.Waiting || wish.ToOn >= occasion.Today)
        {
            return false;
        }

        await wishes.EndAsync(wish, found, "期間の終了", occasion, cancellationToken);
        return true;
    }
}
