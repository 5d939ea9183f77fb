using System.Globalization;
using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CalendarChange;

/// <summary>
/// Says which days are 年末年始 from the next winter on that has not begun, for every desk, and counts everything open again that they touch.
/// The law closes offices of the state from 29 December to 3 January; that the desks do the same is our own policy (domain §10.2).
/// </summary>
/// <param name="FromDay">The first closed day of December, 24 to 31.</param>
/// <param name="ToDay">The last closed day of January, 1 to 10.</param>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record ChangeYearEnd(int? FromDay, int? ToDay) : ICommand<ChangedYearEnd>;

/// <param name="FirstWinter">The year in whose December it first holds.</param>
public sealed record ChangedYearEnd(int FirstWinter, int Moved);

/// <summary>What other 年末年始 would move, before they are saved. Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewYearEnd(int? FromDay, int? ToDay) : IQuery<YearEndPreview>;

/// <param name="Moves">Null where no day changes its reason.</param>
public sealed record YearEndPreview(int FirstWinter, DayPreview? Moves);

internal sealed class ChangeYearEndValidator : AbstractValidator<ChangeYearEnd>
{
    public ChangeYearEndValidator()
    {
        RuleFor(r => r.FromDay).DayOf(24, 31);
        RuleFor(r => r.ToDay).DayOf(1, 10);
    }
}

internal sealed class PreviewYearEndValidator : AbstractValidator<PreviewYearEnd>
{
    public PreviewYearEndValidator()
    {
        RuleFor(r => r.FromDay).DayOf(24, 31);
        RuleFor(r => r.ToDay).DayOf(1, 10);
    }
}

internal sealed class ChangeYearEndHandler(ConsultationDb db, Execution execution, DeskBook desks, WinterDays winters, CalendarMoves moves) : IRequestHandler<ChangeYearEnd, ChangedYearEnd>
{
    public async Task<ChangedYearEnd> Handle(ChangeYearEnd request, CancellationToken cancellationToken)
    {
        var (days, change) = await winters.ReadAsync(request.FromDay!.Value, request.ToDay!.Value, cancellationToken);
        await db.Set<YearEndRule>().Where(y => y.FirstWinter >= days.FirstWinter).ExecuteDeleteAsync(cancellationToken);
        db.Add(new YearEndRule(days.FirstWinter, days.FromDay, days.ToDay, execution.Now, execution.Actor.Name));
        var moved = change is null ? [] : await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.year_end_changed", default(Ref), string.Create(CultureInfo.InvariantCulture, $"from winter {days.FirstWinter} 12-{days.FromDay:00} to 01-{days.ToDay:00} moved {moved.Count}"));
        execution.AfterCommit(desks.Drop);
        return new(days.FirstWinter, moved.Count);
    }
}

internal sealed class PreviewYearEndHandler(WinterDays winters, CalendarMoves moves) : IRequestHandler<PreviewYearEnd, YearEndPreview>
{
    public async Task<YearEndPreview> Handle(PreviewYearEnd request, CancellationToken cancellationToken)
    {
        var (days, change) = await winters.ReadAsync(request.FromDay!.Value, request.ToDay!.Value, cancellationToken);
        return new(days.FirstWinter, change is null ? null : await DayPreviews.OfAsync(null, "", change, moves, cancellationToken));
    }
}

/// <summary>The 年末年始 that can still be changed, the same for looking at it and for doing it.</summary>
public sealed class WinterDays(ConsultationDb db, Execution execution, DeskBook desks)
{
    /// <summary>How many winters ahead dates are looked for; nothing is planned further.</summary>
    private const int Ahead = 4;

    /// <exception cref="InvalidInput"><c>year_end.same</c>, <c>opening.in_the_way</c></exception>
    internal async Task<(YearEndDays Days, DayChange? Change)> ReadAsync(int fromDay, int toDay, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var before = await desks.LoadAsync(db, cancellationToken);
        // A winter that has begun, by the old days or the new, stays as it is.
        var winter = today >= new DateOnly(today.Year, 12, Math.Min(fromDay, before.National.YearEndOf(today.Year).FromDay)) ? today.Year + 1 : today.Year;
        var days = new YearEndDays(winter, fromDay, toDay);
        if (before.National.YearEndOf(winter) is var known && (known.FromDay, known.ToDay) == (fromDay, toDay))
        {
            throw new InvalidInput("fromDay", "year_end.same");
        }

        var kept = await db.Set<YearEndRule>().AsNoTracking().Where(y => y.FirstWinter < winter).ToListAsync(cancellationToken);
        var after = before.With(otherDays: before.National.With([.. kept.Select(y => y.Days), days]));
        NationalDays.DemandNothingInTheWay("fromDay", before, after, today);
        return (days, NationalDays.Between(before, after, today, winter + Ahead, $"年末年始の変更（12月{fromDay}日〜1月{toDay}日）"));
    }
}
