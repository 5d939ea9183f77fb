using Consultation.Messaging;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.CalendarChange;

/// <summary>What closing a day would move, before it is done (journey J29). Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewClosing(DateOnly? On, string? Desk, string? Reason) : IQuery<DayPreview>;

/// <summary>What opening a day again would move. Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewReopening(ClosureId Closure) : IQuery<DayPreview>;

/// <param name="Moved">The first <see cref="Most"/> of them; <paramref name="Counts"/> counts all by desk and kind.</param>
public sealed record DayPreview(
    DateOnly Day, string Where, string Reason, IReadOnlyList<MovedCount> Counts, IReadOnlyList<MovedItem> Moved, IReadOnlyList<StayingItem> Staying, IReadOnlyDictionary<DeskId, string> Desks)
{
    /// <summary>More than the one day, where the change touches several.</summary>
    public int Days { get; init; } = 1;

    public const int Most = 200;

    public int Total => Counts.Sum(c => c.Count);
}

public sealed record MovedCount(string Desk, string Kind, int Count);

internal sealed class PreviewClosingValidator : AbstractValidator<PreviewClosing>
{
    public PreviewClosingValidator()
    {
        RuleFor(r => r.On).ClosableDay();
        RuleFor(r => r.Reason).RequiredText(CalendarRules.ReasonLength);
    }
}

internal sealed class PreviewClosingHandler(ClosedDay days, CalendarMoves moves) : IRequestHandler<PreviewClosing, DayPreview>
{
    public async Task<DayPreview> Handle(PreviewClosing request, CancellationToken cancellationToken)
    {
        var (closure, change) = await days.CloseAsync(request.On!.Value, request.Desk, request.Reason!.Trim(), cancellationToken);
        return await DayPreviews.OfAsync(closure.DeskId, closure.Reason, change, moves, cancellationToken);
    }
}

internal sealed class PreviewReopeningHandler(ClosedDay days, CalendarMoves moves) : IRequestHandler<PreviewReopening, DayPreview>
{
    public async Task<DayPreview> Handle(PreviewReopening request, CancellationToken cancellationToken)
    {
        var (closure, change) = await days.ReopenAsync(request.Closure, cancellationToken);
        return await DayPreviews.OfAsync(closure.DeskId, closure.Reason, change, moves, cancellationToken);
    }
}

internal static class DayPreviews
{
    public static async Task<DayPreview> OfAsync(DeskId? desk, string reason, DayChange change, CalendarMoves moves, CancellationToken cancellationToken)
    {
        var names = change.Before.Desks.ToDictionary(d => d.Id, d => d.Name);
        var moved = await moves.LookAsync(change, cancellationToken);
        var counts = moved.GroupBy(m => (m.Desk, m.Kind)).Select(g => new MovedCount(names[g.Key.Desk], g.Key.Kind, g.Count())).OrderBy(c => c.Desk, StringComparer.Ordinal).ThenBy(c => c.Kind, StringComparer.Ordinal);
        return new(
            change.First, desk is { } own ? names[own] : "すべての窓口", reason, [.. counts], [.. moved.Take(DayPreview.Most)], await moves.StayingAsync(change, cancellationToken), names) { Days = change.Days.Count };
    }
}

internal static class CalendarRules
{
    public const int ReasonLength = 40;

    public static IRuleBuilderOptions<T, int?> DayOf<T>(this IRuleBuilder<T, int?> rule, int least, int most) =>
        rule.NotNull().WithErrorCode("field.required").Must(d => d is null || (d >= least && d <= most)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { least, most });

    /// <summary>A day within the years a case system can mean.</summary>
    public static IRuleBuilderOptions<T, DateOnly?> ClosableDay<T>(this IRuleBuilder<T, DateOnly?> rule) =>
        rule.NotNull().WithErrorCode("field.required").Must(d => d is null || d.Value.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
}
