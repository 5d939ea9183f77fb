using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>What becomes of a wish when visits of its case change. The case is locked by whoever calls.</summary>
public sealed class SlotWishes(ConsultationDb db, Execution execution, CallTasks calls)
{
    internal async Task<SlotWish?> OpenOfAsync(CaseId id, CancellationToken cancellationToken) =>
        db.Set<SlotWish>().Local.FirstOrDefault(w => w.CaseId == id && w.IsOpen)
        ?? (await db.Set<SlotWish>().FirstOrDefaultAsync(w => w.CaseId == id && (w.State == WishState.Waiting || w.State == WishState.Offered), cancellationToken) is { IsOpen: true } wish ? wish : null);

    /// <summary>The visit that a hold is to take the place of; null for every other visit.</summary>
    internal async Task<VisitId?> ReplacedByAsync(VisitId held, CancellationToken cancellationToken) =>
        await db.Set<SlotWish>().AsNoTracking().Where(w => w.OfferedVisit == held && w.State == WishState.Offered).Select(w => w.Replaces).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The client's date is found, by the offered hold or otherwise.</summary>
    internal async Task MeetAsync(SlotWish wish, Case found, Occasion occasion, CancellationToken cancellationToken)
    {
        await EndCallsAsync(wish.OfferedVisit, found, kept: true, occasion, cancellationToken);
        wish.Meet(occasion);
        execution.Audit("slot_wish.met", wish.Id);
    }

    internal async Task EndAsync(SlotWish wish, Case found, string why, Occasion occasion, CancellationToken cancellationToken)
    {
        await EndCallsAsync(wish.OfferedVisit, found, kept: false, occasion, cancellationToken);
        wish.End(why, occasion);
        found.Tell(occasion, "slot_wish_ended", $"空き待ちを終了: {why}");
        execution.Audit("slot_wish.ended", wish.Id);
    }

    /// <summary>The offered time is not taken; the client goes on waiting.</summary>
    internal async Task PassAsync(SlotWish wish, Visit held, Case found, Occasion occasion, CancellationToken cancellationToken)
    {
        await EndCallsAsync(held.Id, found, kept: false, occasion, cancellationToken);
        wish.Pass(held.StartsAt);
        execution.Audit("slot_wish.passed", wish.Id);
    }

    private Task EndCallsAsync(VisitId? held, Case found, bool kept, Occasion occasion, CancellationToken cancellationToken) => held is { } id
        ? calls.EndAsync(found, key => key.EndsWith(OfferFreedSlots.EventOf(id), StringComparison.Ordinal), kept, occasion, cancellationToken)
        : Task.CompletedTask;
}
