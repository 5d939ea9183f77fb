using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CalendarChange;

/// <summary>What a desk, or every desk, keeps as hours on one day.</summary>
/// <param name="On">From tomorrow on: of a day that has begun, work was counted already.</param>
/// <param name="Desk">Slug; null for every desk.</param>
public sealed record DayHoursOf(DateOnly? On, string? Desk, TimeOnly? Opens, TimeOnly? Closes, TimeOnly? LunchFrom, TimeOnly? LunchTo, string? Reason);

/// <summary>
/// Opens a desk, or all, on a day on which it is closed (臨時開所), or gives a working day other hours (時間変更), and counts everything open again that the
/// day touches. What a desk keeps for itself goes before what holds for all.
/// </summary>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record OpenDay(DayHoursOf Day) : ICommand<OpenedDay>;

/// <param name="Moved">How many dates moved.</param>
public sealed record OpenedDay(OpeningId Id, DateOnly Day, int Moved);

/// <summary>Takes a coming opening back; the day is again what it is in every other week.</summary>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record WithdrawOpening(OpeningId Opening) : ICommand<OpenedDay>;

/// <summary>What other hours on a day would move, before it is done. Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewOpening(DayHoursOf Day) : IQuery<DayPreview>;

/// <summary>What taking an opening back would move. Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewWithdrawal(OpeningId Opening) : IQuery<DayPreview>;

internal sealed class OpenDayValidator : AbstractValidator<OpenDay>
{
    public OpenDayValidator() => RuleFor(r => r.Day).SetValidator(new DayHoursValidator());
}

internal sealed class PreviewOpeningValidator : AbstractValidator<PreviewOpening>
{
    public PreviewOpeningValidator() => RuleFor(r => r.Day).SetValidator(new DayHoursValidator());
}

internal sealed class DayHoursValidator : AbstractValidator<DayHoursOf>
{
    public DayHoursValidator()
    {
        RuleFor(r => r.On).ClosableDay();
        RuleFor(r => r.Opens).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Closes).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Closes).Must((r, closes) => closes is null || r.Opens is null || r.Opens < closes).WithErrorCode("desk.hours_backward");
        RuleFor(r => r.LunchFrom).Must((r, from) => (from, r.LunchTo) switch
        {
            (null, null) => true,
            ({ } begins, { } ends) => r.Opens < begins && begins < ends && ends < r.Closes,
            _ => false,
        }).When(r => r.Opens < r.Closes).WithErrorCode("desk.lunch_outside");
        RuleFor(r => r.Reason).RequiredText(CalendarRules.ReasonLength);
    }
}

internal sealed class OpenDayHandler(ConsultationDb db, Execution execution, DeskBook desks, SpecialDay days, CalendarMoves moves) : IRequestHandler<OpenDay, OpenedDay>
{
    public async Task<OpenedDay> Handle(OpenDay request, CancellationToken cancellationToken)
    {
        var (opening, change) = await days.OpenAsync(request.Day, cancellationToken);
        db.Add(opening);
        var moved = await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.opened", opening.Id, SpecialDay.Details(opening, change, moved.Count));
        execution.AfterCommit(desks.Drop);
        return new(opening.Id, opening.OpenOn, moved.Count);
    }
}

internal sealed class WithdrawOpeningHandler(ConsultationDb db, Execution execution, DeskBook desks, SpecialDay days, CalendarMoves moves) : IRequestHandler<WithdrawOpening, OpenedDay>
{
    public async Task<OpenedDay> Handle(WithdrawOpening request, CancellationToken cancellationToken)
    {
        var (opening, change) = await days.WithdrawAsync(request.Opening, cancellationToken);
        db.Remove(opening);
        var moved = await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.opening_withdrawn", opening.Id, SpecialDay.Details(opening, change, moved.Count));
        execution.AfterCommit(desks.Drop);
        return new(opening.Id, opening.OpenOn, moved.Count);
    }
}

internal sealed class PreviewOpeningHandler(SpecialDay days, CalendarMoves moves) : IRequestHandler<PreviewOpening, DayPreview>
{
    public async Task<DayPreview> Handle(PreviewOpening request, CancellationToken cancellationToken)
    {
        var (opening, change) = await days.OpenAsync(request.Day, cancellationToken);
        return await DayPreviews.OfAsync(opening.DeskId, opening.Reason, change, moves, cancellationToken);
    }
}

internal sealed class PreviewWithdrawalHandler(SpecialDay days, CalendarMoves moves) : IRequestHandler<PreviewWithdrawal, DayPreview>
{
    public async Task<DayPreview> Handle(PreviewWithdrawal request, CancellationToken cancellationToken)
    {
        var (opening, change) = await days.WithdrawAsync(request.Opening, cancellationToken);
        return await DayPreviews.OfAsync(opening.DeskId, $"{CalendarWords.Of(opening.Hours)} {opening.Reason}", change, moves, cancellationToken);
    }
}

/// <summary>Reads hours of a single day and refuses what cannot be, the same for looking at it and for doing it.</summary>
public sealed class SpecialDay(ConsultationDb db, Execution execution, DeskBook desks)
{
    /// <exception cref="InvalidInput">The day has begun, has its hours or is closed by a decision of the same reach, or they are those it has anyway.</exception>
    internal async Task<(Opening Opening, DayChange Change)> OpenAsync(DayHoursOf asked, CancellationToken cancellationToken)
    {
        var (day, before) = (asked.On!.Value, await desks.LoadAsync(db, cancellationToken));
        var desk = asked.Desk is null ? null : before.Find(asked.Desk) ?? throw new InvalidInput("desk", "field.unknown_code");
        if (day <= JapanTime.DateOf(execution.Now))
        {
            throw new InvalidInput("on", "opening.begun_day");
        }

        if (before.Openings.Any(o => o.OpenOn == day && o.DeskId == desk?.Id))
        {
            throw new InvalidInput("on", "opening.exists");
        }

        if (before.Closures.FirstOrDefault(c => c.ClosedOn == day && c.DeskId == desk?.Id) is { } closed)
        {
            throw new InvalidInput("on", "opening.closed_there", JapaneseDate.Long(day), closed.Reason);
        }

        var hours = new OpeningHours(asked.Opens!.Value, asked.Closes!.Value, asked.LunchFrom, asked.LunchTo);
        IReadOnlyList<Desk> concerned = desk is null ? before.Desks : [desk];
        if (concerned.All(d => before.CalendarOf(d.Id).HoursOn(day) == hours))
        {
            throw new InvalidInput("opens", "opening.nothing", JapaneseDate.Long(day));
        }

        var opening = new Opening(desk?.Id, day, hours, asked.Reason!.Trim());
        return (opening, new([day], concerned, before, before.With(otherOpenings: [.. before.Openings, opening]), Cause(opening, before, "")));
    }

    /// <exception cref="NotFound">There is no such opening.</exception>
    /// <exception cref="RuleViolation"><c>opening.begun</c>: the day has come; people counted on it.</exception>
    internal async Task<(Opening Opening, DayChange Change)> WithdrawAsync(OpeningId id, CancellationToken cancellationToken)
    {
        var opening = await db.Set<Opening>().SingleOrDefaultAsync(o => o.Id == id, cancellationToken) ?? throw new NotFound();
        if (opening.OpenOn <= JapanTime.DateOf(execution.Now))
        {
            throw new RuleViolation("opening.begun");
        }

        var before = await desks.LoadAsync(db, cancellationToken);
        IReadOnlyList<Desk> concerned = opening.DeskId is { } own ? [before.Find(own)!] : before.Desks;
        return (opening, new([opening.OpenOn], concerned, before, before.With(otherOpenings: before.Openings.Where(o => o.Id != id)), Cause(opening, before, "の取りやめ")));
    }

    internal static string Details(Opening opening, DayChange change, int moved) =>
        $"{opening.OpenOn:yyyy-MM-dd} {opening.Opens:HH:mm}-{opening.Closes:HH:mm} {(change.Desks.Count == 1 ? change.Desks[0].Slug : "all")} 「{opening.Reason}」 moved {moved}";

    private static string Cause(Opening opening, DeskBook.Snapshot before, string undone) =>
        $"{(before.National.IsBusinessDay(opening.OpenOn) ? "受付時間の変更" : "臨時開所")}{undone}（{JapaneseDate.Short(opening.OpenOn)} {CalendarWords.Of(opening.Hours)} {opening.Reason}）";
}

/// <summary>How the calendar's own facts are said.</summary>
public static class CalendarWords
{
    public static string Of(OpeningHours hours) =>
        $"{JapaneseDate.Time(hours.Opens)}〜{JapaneseDate.Time(hours.Closes)}"
        + (hours is { LunchFrom: { } from, LunchTo: { } to } ? $"（昼休み {JapaneseDate.Time(from)}〜{JapaneseDate.Time(to)}）" : "");
}
