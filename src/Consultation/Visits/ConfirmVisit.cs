using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Turns a hold (仮押さえ) into a date (確定). Confirming what is confirmed is a no-op. A hold that was made for a client who waits for an earlier time moves
/// the booked visit there (journey J21); the answer is then that visit.
/// </summary>
[Requires(Permission.BookVisit)]
public sealed record ConfirmVisit(VisitId Visit) : ICommand<ChangedVisit>;

internal sealed class ConfirmVisitHandler(
    ConsultationDb db, Execution execution, VisitAccess visits, ExpertDiary diary, VisitQuota quota, VisitLetters letters, SlotWishes wishes, VisitMoving moving) : IRequestHandler<ConfirmVisit, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(ConfirmVisit request, CancellationToken cancellationToken)
    {
        if (await wishes.ReplacedByAsync(request.Visit, cancellationToken) is { } booked)
        {
            return await BringForwardAsync(request.Visit, booked, cancellationToken);
        }

        var (visit, found, occasion) = await visits.ForChangeAsync(request.Visit, cancellationToken);
        if (visit.Confirm(execution.Now))
        {
            foreach (var entry in await diary.OfVisitAsync(Ref.To(visit.Id), cancellationToken))
            {
                entry.Confirm();
            }

            found.VisitChanged("visit_confirmed", $"{VisitWords.Of(visit)}を確定", occasion);
            if (await wishes.OpenOfAsync(found.Id, cancellationToken) is { } wish && wish.OfferedVisit == visit.Id)
            {
                await wishes.MeetAsync(wish, found, occasion, cancellationToken);
            }

            await letters.ConfirmedAsync(visit, found, occasion, cancellationToken);
            execution.Audit("visit.confirmed", visit.Id);
        }

        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }

    private async Task<ChangedVisit> BringForwardAsync(VisitId held, VisitId booked, CancellationToken cancellationToken)
    {
        var seen = await db.Set<Visit>().AsNoTracking().Where(VisitAccess.Visible(db, execution.Actor)).FirstOrDefaultAsync(v => v.Id == held, cancellationToken) ?? throw new NotFound();
        var hand = await visits.ForMoveAsync(booked, seen.FiscalYear, cancellationToken);
        var (visit, found, occasion) = hand;
        var offer = await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == held, cancellationToken);
        if (await wishes.OpenOfAsync(found.Id, cancellationToken) is not { } wish || wish.OfferedVisit != held || wish.Replaces != booked || offer.FiscalYear != seen.FiscalYear)
        {
            // Declined, ended or moved between the look and the lock.
            throw new Conflict("busy");
        }

        if (offer.HasExpired(execution.Now))
        {
            throw new RuleViolation("visit.hold_expired");
        }

        visit.DemandOpen();
        var plan = offer.Plan;
        offer.Cancel(null, "予約済みの相談をこの日時に変更", occasion);
        await diary.ReleaseAsync(Ref.To(held), cancellationToken);
        found.VisitFellThrough(offer.Tracks, visit.Tracks.ToHashSet(), "hold_used", $"{VisitWords.Of(offer)}の仮押さえを使って日時を変更", occasion);
        await moving.MoveAsync(hand, plan with { Place = plan.Place ?? (plan.Mode == visit.Mode ? visit.Place : null) }, "空き待ちの日時に変更", cancellationToken, held);
        await wishes.MeetAsync(wish, found, occasion, cancellationToken);
        execution.Raise(new VisitCancelled(found.Id, held, offer.State));
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }
}
