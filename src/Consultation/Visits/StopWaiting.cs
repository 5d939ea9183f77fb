using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The client waits no longer (空き待ちの終了); a time that is held for the client is free at once.</summary>
/// <exception cref="RuleViolation"><c>slot_wish.not_open</c></exception>
[Requires(Permission.BookVisit)]
public sealed record StopWaiting(SlotWishId Wish, string? Reason) : ICommand<ChangedWish>;

internal sealed class StopWaitingValidator : AbstractValidator<StopWaiting>
{
    public StopWaitingValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class StopWaitingHandler(ConsultationDb db, CaseAccess cases, SlotWishes wishes, VisitAccess visits, VisitCancellation cancellation) : IRequestHandler<StopWaiting, ChangedWish>
{
    public async Task<ChangedWish> Handle(StopWaiting request, CancellationToken cancellationToken)
    {
        var seen = await db.Set<SlotWish>().AsNoTracking().FirstOrDefaultAsync(w => w.Id == request.Wish, cancellationToken) ?? throw new NotFound();
        VisitInHand? hand = seen.OfferedVisit is { } held ? await visits.ForChangeAsync(held, cancellationToken) : null;
        var found = hand?.Case ?? await cases.ForChangeAsync(seen.CaseId, cancellationToken);
        var wish = await db.Set<SlotWish>().SingleAsync(w => w.Id == request.Wish, cancellationToken);
        if (wish.OfferedVisit != seen.OfferedVisit)
        {
            // A time was offered or passed between the look and the lock.
            throw new Conflict("busy");
        }

        var occasion = hand?.Occasion ?? await cases.OccasionAsync(found.DeskId, cancellationToken);
        await wishes.EndAsync(wish, found, request.Reason!.Trim(), occasion, cancellationToken);
        if (hand is { Visit.IsOpen: true })
        {
            await cancellation.CancelAsync(hand, CancelledBy.Client, "空き待ちの終了", cancellationToken);
        }

        return ChangedWish.Of(wish, found);
    }
}
