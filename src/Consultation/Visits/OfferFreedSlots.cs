using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Job: holds a time that somebody gave up for the oldest wish it fits, and asks its client – by mail, or by a call of the desk (journey J21). Rows of
/// <c>freed_times</c> come by a trigger of the experts' diaries, whatever path freed the time, in the transaction that freed it; they stay until nobody
/// who waits can take what is free, so that nothing is lost with a worker. Each wish is a transaction of its own.
/// </summary>
/// <returns>How much was done; nought when nothing is left.</returns>
/// <exception cref="PartlyDone">All others were looked at; for these it could not be done, and what was freed of their experts stays.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record OfferFreedSlots : ICommand<int>
{
    public const string Job = "offer-freed-slots";

    internal static string EventOf(VisitId held) => $"slot-offered/{held}";
}

internal sealed class OfferFreedSlotsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<OfferFreedSlots, int>
{
    public async Task<int> Handle(OfferFreedSlots request, CancellationToken cancellationToken)
    {
        // Before those who wait: whoever comes later finds a row that is left.
        var freed = await db.Database.SqlQuery<long>($"select id as \"Value\" from freed_times").ToArrayAsync(cancellationToken);
        var waiting = await db.Database.SqlQuery<Guid>($"""
            select w.id as "Value" from slot_wishes w
            where w.state = 'waiting' and w.to_on >= {JapanTime.DateOf(execution.Now)}
              and exists (select 1 from case_tracks t join freed_times f on f.expert_id = t.expert_id where t.case_id = w.case_id and f.id = any({freed}))
            order by w.made_at, w.id
            """).ToListAsync(cancellationToken);
        try
        {
            var offered = await dispatcher.SendEach(waiting, id => new OfferFreedSlot(new(id)), execution.Actor, cancellationToken);
            return offered > 0 || cancellationToken.IsCancellationRequested ? offered : await ForgetAsync(freed, [], cancellationToken);
        }
        catch (PartlyDone some) when (some.Done == 0 && !cancellationToken.IsCancellationRequested)
        {
            await ForgetAsync(freed, [.. some.Rows.Select(Guid.Parse)], cancellationToken);
            throw;
        }
    }

    /// <summary>Nobody who waits can take what was freed, but for the experts of those who could not be looked at.</summary>
    private Task<int> ForgetAsync(long[] freed, Guid[] failed, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync($"""
        delete from freed_times f where f.id = any({freed})
          and not exists (select 1 from slot_wishes w join case_tracks t on t.case_id = w.case_id where w.id = any({failed}) and t.expert_id = f.expert_id)
        """, cancellationToken);
}

/// <summary>Holds the first free time that fits one wish, and asks its client. False where none does, or it does not wait any more.</summary>
[Requires(Permission.Operate)]
public sealed record OfferFreedSlot(SlotWishId Wish) : ICommand<bool>;

internal sealed class OfferFreedSlotHandler(ConsultationDb db, Execution execution, FreedTime freed, VisitBooking booking, ClientLetter clients) : IRequestHandler<OfferFreedSlot, bool>
{
    public async Task<bool> Handle(OfferFreedSlot request, CancellationToken cancellationToken)
    {
        if (await WaitingAsync(request.Wish, cancellationToken) is not { } wish || await freed.FittingAsync(wish, 1, cancellationToken) is not { Slots.Count: > 0 } fitting)
        {
            return false;
        }

        // Nobody else books for these experts from here on; what was free a moment ago may not be any more, and the client may have been asked.
        var diaries = new RoundTrip(db);
        ExpertDiary.Lock(diaries, fitting.Experts);
        await diaries.GoAsync(cancellationToken);
        if (await WaitingAsync(request.Wish, cancellationToken) is { } still && await freed.FittingAsync(still, 1, cancellationToken) is { Slots: [var slot, ..] } sure
            && sure.Experts.SequenceEqual(fitting.Experts))
        {
            await OfferAsync(still, slot, sure, cancellationToken);
        }

        // Whatever it was, it is looked at once more.
        return true;
    }

    private Task<SlotWish?> WaitingAsync(SlotWishId id, CancellationToken cancellationToken) =>
        db.Set<SlotWish>().AsNoTracking().FirstOrDefaultAsync(w => w.Id == id && w.State == WishState.Waiting, cancellationToken);

    private async Task OfferAsync(SlotWish seen, FreeSlot slot, FittingSlots fitting, CancellationToken cancellationToken)
    {
        var plan = new VisitPlan(slot.Start, slot.End, seen.Mode, null);
        var (visit, found, occasion) = await booking.BookAsync(
            new(seen.CaseId, plan, fitting.Stage, fitting.Tracks, o => FreedTime.HoldUntil(slot.Start, o), seen.Replaces is null, QuotaReason: seen.Replaces is null ? null : "予約済みの相談を早める仮押さえ", ForWish: true),
            cancellationToken);
        var wish = await db.Set<SlotWish>().SingleAsync(w => w.Id == seen.Id, cancellationToken);
        if (wish.State != WishState.Waiting || wish.Replaces != seen.Replaces)
        {
            throw new Conflict("busy");
        }

        wish.Offer(visit.Id);
        var values = await clients.ValuesAsync(found, occasion, cancellationToken);
        values["period"] = VisitWords.FormalPeriod(plan);
        values["mode"] = CaseWords.Of(plan.Mode);
        var until = JapanTime.ToJapan(visit.HoldExpiresAt!.Value);
        values["heldUntil"] = $"{Wareki.FormatDay(JapanTime.DateOf(until))} {JapaneseDate.Time(JapanTime.TimeOf(until))}";
        await clients.SendAsync(found, "slot-offered", OfferFreedSlots.EventOf(visit.Id), values, occasion, cancellationToken, neededBy: visit.HoldExpiresAt);
        execution.Audit("slot_wish.offered", wish.Id);
    }
}
