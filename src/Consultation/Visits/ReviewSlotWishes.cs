using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Job, each morning: ends the wishes whose last day has passed, and has everything looked at once more for those who go on waiting – hours that were
/// widened or an absence that was taken back free time too, without a visit that was given up.
/// </summary>
[Requires(Permission.Operate)]
public sealed record ReviewSlotWishes(int Most = 100) : ICommand<int>;

internal sealed class ReviewSlotWishesHandler(ConsultationDb db, Execution execution, CaseAccess cases, SlotWishes wishes) : IRequestHandler<ReviewSlotWishes, int>
{
    public async Task<int> Handle(ReviewSlotWishes request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var over = db.Set<SlotWish>().AsNoTracking().Where(w => w.State == WishState.Waiting && w.ToOn < today);
        var locks = new RoundTrip(db);
        ExpiredHolds.LockCases(locks, await over.OrderBy(w => w.Id).Take(request.Most).Select(w => w.CaseId).ToListAsync(cancellationToken));
        await locks.GoAsync(cancellationToken);
        var ended = await over.OrderBy(w => w.Id).Take(request.Most).ToListAsync(cancellationToken);
        foreach (var gone in ended)
        {
            var found = await cases.ForConsequenceAsync(gone.CaseId, cancellationToken);
            if (await wishes.OpenOfAsync(found.Id, cancellationToken) is { State: WishState.Waiting } wish && wish.ToOn < today)
            {
                await wishes.EndAsync(wish, found, "期間の終了", await cases.OccasionAsync(found.DeskId, cancellationToken), cancellationToken);
            }
        }

        if (ended.Count == 0)
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into freed_times (expert_id, freed_at)
                select distinct t.expert_id, {execution.Now.ToUniversalTime()} from slot_wishes w join case_tracks t on t.case_id = w.case_id
                where w.state = 'waiting' and t.expert_id is not null
                """, cancellationToken);
        }

        return ended.Count;
    }
}
