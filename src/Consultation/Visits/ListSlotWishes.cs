using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Who waits for a time (空き待ち), oldest first; those that are asked right now with the time that is held for them.</summary>
/// <param name="Desk">Slug; the actor's own desk where null, all desks for a nationwide actor.</param>
[Requires(Permission.BookVisit)]
public sealed record ListSlotWishes(string? Desk = null, string? After = null, int Limit = 50) : IQuery<Page<WaitingWish>>;

/// <param name="Held">The period that is held while the client is asked, and until when.</param>
/// <param name="Earlier">The beginning of the booked visit that is to be earlier.</param>
public sealed record WaitingWish(
    SlotWishId Id, CaseId Case, string Number, string? Organisation, WishState State, WantedTime Wanted, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? Earlier, VisitId? OfferedVisit,
    FreeSlot? Held, DateTimeOffset? HeldUntil, int Passed);

internal sealed class ListSlotWishesValidator : AbstractValidator<ListSlotWishes>
{
    public ListSlotWishesValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, CaseRows.MostPerPage).WithErrorCode("page.malformed");
        RuleFor(r => r.After).Must(a => a is null || CaseRows.ReadPlace(a) is not null).WithErrorCode("page.malformed");
    }
}

internal sealed class ListSlotWishesHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListSlotWishes, Page<WaitingWish>>
{
    public async Task<Page<WaitingWish>> Handle(ListSlotWishes request, CancellationToken cancellationToken)
    {
        var desk = request.Desk is null
            ? execution.Actor.Desk
            : ((await desks.ReadAsync(cancellationToken)).Find(request.Desk) ?? throw new InvalidInput("desk", "field.unknown_code")).Id;
        var open = db.Set<SlotWish>().AsNoTracking().Where(w => w.State == WishState.Waiting || w.State == WishState.Offered);
        if (request.After is { } after)
        {
            var (at, last) = CaseRows.ReadPlace(after)!.Value;
            var id = new SlotWishId(last.Value);
            open = open.Where(w => EF.Functions.GreaterThan(ValueTuple.Create(w.MadeAt, w.Id), ValueTuple.Create(at, id)));
        }

        var rows = await (
            from w in open
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on w.CaseId equals c.Id
            where desk == null || c.DeskId == desk
            let held = db.Set<Visit>().FirstOrDefault(v => v.Id == w.OfferedVisit)
            let earlier = db.Set<Visit>().FirstOrDefault(v => v.Id == w.Replaces)
            orderby w.MadeAt, w.Id
            select new { Wish = w, c.Number, c.OrganisationName, Held = held, Earlier = earlier == null ? (DateTimeOffset?)null : earlier.StartsAt }).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var shown = rows.Take(request.Limit).ToList();
        shown.ForEach(r => execution.Audit("slot_wish.listed", r.Wish.CaseId));
        return new(
            shown.ConvertAll(r => new WaitingWish(
                r.Wish.Id, r.Wish.CaseId, r.Number, r.OrganisationName, r.Wish.State, r.Wish.Wanted, r.Wish.MadeAt, r.Wish.MadeBy, r.Earlier, r.Wish.OfferedVisit,
                r.Held is { } held ? new(held.Plan.Start, held.Plan.End) : null, r.Held?.HoldExpiresAt, r.Wish.Passed.Length)),
            rows.Count > request.Limit ? CaseRows.Place(shown[^1].Wish.MadeAt, shown[^1].Wish.Id.Value) : null);
    }
}
