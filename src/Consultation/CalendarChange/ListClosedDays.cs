using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.CalendarChange;

/// <summary>The closed days of a calendar year: national holidays and the year end for everybody, extra closures by desk. Weekends are not listed.</summary>
[Requires(Permission.Administer)]
public sealed record ListClosedDays(int Year) : IQuery<ClosedDays>;

/// <param name="GazettedUntil">Later holidays are forecasts (案).</param>
/// <param name="TableDue">The coming year has been gazetted and is not in the table yet.</param>
public sealed record ClosedDays(
    int Year, DateOnly Today, IReadOnlyList<NationalDay> National, IReadOnlyList<ClosureRow> Closures, IReadOnlyList<DeskName> Desks, DateOnly GazettedUntil, bool TableDue);

/// <param name="OnWeekend">It falls on a Saturday or Sunday, so that no desk loses a day.</param>
public sealed record NationalDay(DateOnly On, DayKind Kind, string Name, bool IsForecast, bool OnWeekend);

/// <param name="Desk">Null for every desk.</param>
/// <param name="CanReopen">The day has not come yet.</param>
public sealed record ClosureRow(ClosureId Id, DateOnly On, string? Desk, string Reason, bool CanReopen);

public sealed record DeskName(string Slug, string Name);

internal sealed class ListClosedDaysValidator : AbstractValidator<ListClosedDays>
{
    public ListClosedDaysValidator()
    {
        RuleFor(r => r.Year).InclusiveBetween(2019, 2045).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 2019, 2045 });
    }
}

internal sealed class ListClosedDaysHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListClosedDays, ClosedDays>
{
    public async Task<ClosedDays> Handle(ListClosedDays request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        // Fresh and not from the copy: who closed a day looks here for it, perhaps on another node.
        var book = await desks.LoadAsync(db, cancellationToken);
        var first = new DateOnly(request.Year, 1, 1);
        var national = Enumerable.Range(0, DateTime.IsLeapYear(request.Year) ? 366 : 365).Select(first.AddDays)
            .Where(d => NationalCalendar.NameOf(d) is not null)
            .Select(d => new NationalDay(
                d, NationalCalendar.KindOf(d), NationalCalendar.NameOf(d)!, d > NationalCalendar.GazettedUntil && NationalCalendar.KindOf(d) != DayKind.YearEnd, d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
        var closures = book.Closures.Where(c => c.ClosedOn.Year == request.Year).OrderBy(c => c.ClosedOn).ThenBy(c => c.Id.Value)
            .Select(c => new ClosureRow(c.Id, c.ClosedOn, c.DeskId is { } own ? book.Find(own)?.Name : null, c.Reason, c.ClosedOn > today));
        return new(request.Year, today, [.. national], [.. closures], [.. book.Desks.Select(d => new DeskName(d.Slug, d.Name))], NationalCalendar.GazettedUntil, NationalCalendar.IsTableDue(today));
    }
}
