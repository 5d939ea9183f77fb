using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Puts a case on the waiting list for a time that somebody else gives up (空き待ち, journey J21). One wish a case. While a fitting time is free nobody
/// need wait.
/// </summary>
/// <param name="Earlier">A booked visit that is to be earlier; another visit is wanted where null.</param>
/// <exception cref="RuleViolation"><c>slot_wish.open</c>; <c>slot_wish.free_now</c> with <c>nextSlots</c>; <c>track.not_held</c>; <c>visit.not_open</c>.</exception>
[Requires(Permission.BookVisit)]
public sealed record WaitForSlot(
    CaseId Case, VisitMode? Mode, int? Minutes, DateOnly? From, DateOnly? To, TimeOnly? DayFrom = null, TimeOnly? DayTo = null, VisitId? Earlier = null) : ICommand<ChangedWish>;

/// <summary>What every change of a wish answers. <c>Version</c> is that of its case.</summary>
public sealed record ChangedWish(
    SlotWishId Id, CaseId Case, string Number, WishState State, WantedTime Wanted, VisitId? Earlier, VisitId? OfferedVisit, DateTimeOffset MadeAt, string MadeBy, int Version)
{
    internal static ChangedWish Of(SlotWish wish, Case found) =>
        new(wish.Id, wish.CaseId, found.Number, wish.State, wish.Wanted, wish.Replaces, wish.OfferedVisit, wish.MadeAt, wish.MadeBy, found.Version);
}

internal sealed class WaitForSlotValidator : AbstractValidator<WaitForSlot>
{
    private const int LongestDays = 62;

    public WaitForSlotValidator()
    {
        RuleFor(r => r.Mode).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Minutes).NotNull().WithErrorCode("field.required").Must(m => m is null or (>= 15 and <= 480)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 15, 480 });
        RuleFor(r => r.From).NotNull().WithErrorCode("field.required").Must(d => d is null or { Year: >= 2019 and <= 2045 }).WithErrorCode("field.impossible_date");
        RuleFor(r => r.To).NotNull().WithErrorCode("field.required").Must((r, d) => d is null || r.From is null || r.From <= d).WithErrorCode("visit.reversed")
            .Must((r, d) => d is null || r.From is null || d.Value.DayNumber - r.From.Value.DayNumber < LongestDays).WithErrorCode("slot_wish.too_wide").WithState(_ => new object?[] { LongestDays });
        RuleFor(r => r.DayTo).Must((r, t) => t is null || r.DayFrom is null || (r.DayFrom < t && t - r.DayFrom >= TimeSpan.FromMinutes(r.Minutes ?? 0))).WithErrorCode("slot_wish.day_too_short");
    }
}

internal sealed class WaitForSlotHandler(ConsultationDb db, Execution execution, CaseAccess cases, SlotWishes wishes, FreedTime freed) : IRequestHandler<WaitForSlot, ChangedWish>
{
    public async Task<ChangedWish> Handle(WaitForSlot request, CancellationToken cancellationToken)
    {
        var found = await cases.ForChangeAsync(request.Case, cancellationToken);
        found.Demand(CaseAction.Book);
        if (await wishes.OpenOfAsync(found.Id, cancellationToken) is not null)
        {
            throw new RuleViolation("slot_wish.open");
        }

        if (request.To < JapanTime.DateOf(execution.Now))
        {
            throw new InvalidInput("to", "visit.in_past");
        }

        if (request.Earlier is { } earlier)
        {
            var booked = await db.Set<Visit>().Where(VisitAccess.Visible(db, execution.Actor)).FirstOrDefaultAsync(v => v.Id == earlier && v.CaseId == found.Id, cancellationToken) ?? throw new NotFound();
            booked.DemandOpen();
        }

        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var wish = new SlotWish(found.Id, new(request.Mode!.Value, request.Minutes!.Value, request.From!.Value, request.To!.Value, request.DayFrom, request.DayTo), request.Earlier, occasion);
        var fitting = await freed.FittingAsync(wish, 3, cancellationToken) ?? throw new RuleViolation("track.not_held");
        if (execution.Actor is { Role: Role.Expert, Expert: { } own } && !fitting.Experts.Contains(own))
        {
            throw new Forbidden("visit.not_own");
        }

        if (fitting.Slots.Count > 0)
        {
            throw new RuleViolation("slot_wish.free_now") { Extra = { ["nextSlots"] = fitting.Slots } };
        }

        db.Add(wish);
        // Who gave a time up just now could not know of this wish yet; it is looked at once more when both have committed.
        await FreedTime.MarkAsync(db, fitting.Experts, execution.Now, cancellationToken);
        found.Tell(occasion, "slot_wished", $"空き待ちに登録: {WishWords.Of(wish.Wanted)}");
        execution.Audit("slot_wish.made", wish.Id);
        return ChangedWish.Of(wish, found);
    }
}

/// <summary>A wish in words.</summary>
public static class WishWords
{
    public static string Of(WishState state) => state switch
    {
        WishState.Waiting => "空き待ち",
        WishState.Offered => "空きを仮押さえ中",
        WishState.Met => "予約が決定",
        WishState.Ended => "終了",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>12月1日(火)〜12月11日(金) 9:00〜12:00 Web会議 60分.</summary>
    public static string Of(WantedTime wanted) =>
        $"{JapaneseDate.Short(wanted.From)}〜{JapaneseDate.Short(wanted.To)} {Times(wanted)}{CaseWords.Of(wanted.Mode)} {wanted.Minutes}分";

    private static string Times(WantedTime wanted) => (wanted.DayFrom, wanted.DayTo) switch
    {
        ({ } from, { } to) => $"{JapaneseDate.Time(from)}〜{JapaneseDate.Time(to)} ",
        ({ } from, null) => $"{JapaneseDate.Time(from)}以降 ",
        (null, { } to) => $"{JapaneseDate.Time(to)}まで ",
        _ => "",
    };
}
