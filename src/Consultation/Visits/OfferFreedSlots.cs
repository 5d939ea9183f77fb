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
/// who waits can take what is free, so that nothing is lost with a worker. One wish in one transaction.
/// </summary>
/// <returns>How much was done; nought when nothing is left.</returns>
[Requires(Permission.Operate)]
public sealed record OfferFreedSlots : ICommand<int>
{
    public const string Job = "offer-freed-slots";

    internal static string EventOf(VisitId held) => $"slot-offered/{held}";
}

internal sealed class OfferFreedSlotsHandler(ConsultationDb db, Execution execution, FreedTime freed, VisitBooking booking, ClientLetter clients) : IRequestHandler<OfferFreedSlots, int>
{
    public async Task<int> Handle(OfferFreedSlots request, CancellationToken cancellationToken)
    {
        var take = new RoundTrip(db);
        // Whoever works on the same expert's rows holds the oldest of them; another worker goes on with another expert.
        var rows = take.Rows(
            $"""
            with oldest as (select expert_id from freed_times order by id limit 1 for update skip locked)
            select f.id, f.expert_id from freed_times f where f.expert_id = (select expert_id from oldest) for update skip locked
            """,
            r => (Id: r.Value<long>(), Expert: r.Id<ExpertId>()));
        await take.GoAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return 0;
        }

        var expert = rows[0].Expert;
        var today = JapanTime.DateOf(execution.Now);
        var waiting = await db.Set<SlotWish>().AsNoTracking()
            .Where(w => w.State == WishState.Waiting && w.ToOn >= today && db.Set<CaseTrack>().Any(t => t.CaseId == w.CaseId && t.ExpertId == expert))
            .OrderBy(w => w.MadeAt).ThenBy(w => w.Id).ToListAsync(cancellationToken);
        foreach (var wish in waiting)
        {
            if (await freed.FittingAsync(wish, 1, cancellationToken) is { Slots.Count: > 0 } fitting)
            {
                // Nobody else books for these experts from here on; what was free a moment ago may not be any more.
                var diaries = new RoundTrip(db);
                ExpertDiary.Lock(diaries, fitting.Experts);
                await diaries.GoAsync(cancellationToken);
                if (await freed.FittingAsync(wish, 1, cancellationToken) is { Slots: [var still, ..] } sure && sure.Experts.SequenceEqual(fitting.Experts))
                {
                    await OfferAsync(wish, still, sure, cancellationToken);
                }

                return 1;
            }
        }

        await db.Database.ExecuteSqlAsync($"delete from freed_times where id = any({rows.Select(r => r.Id).ToArray()})", cancellationToken);
        return rows.Count;
    }

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
