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
/// The calendar of a year: national holidays and the year end for everybody, extra closures and special hours by desk, and which version of the national
/// table is in force. Weekends are not listed.
/// </summary>
[Requires(Permission.Administer)]
public sealed record ListClosedDays(int Year) : IQuery<ClosedDays>;

/// <param name="Tables">Every version of the national table, the one in force first.</param>
/// <param name="OfficialUntil">Later holidays are forecasts (予測).</param>
/// <param name="TableDue">The coming year has been gazetted and is not in the table yet.</param>
/// <param name="YearEnd">Of the winter that begins in this year.</param>
public sealed record ClosedDays(
    int Year, DateOnly Today, IReadOnlyList<NationalDay> National, IReadOnlyList<ClosureRow> Closures, IReadOnlyList<OpeningRow> Openings, IReadOnlyList<DeskName> Desks,
    IReadOnlyList<HolidayTableRow> Tables, DateOnly OfficialUntil, bool TableDue, YearEndDays YearEnd);

/// <param name="OnWeekend">It falls on a Saturday or Sunday, so that no desk loses a day.</param>
public sealed record NationalDay(DateOnly On, DayKind Kind, string Name, bool IsForecast, bool OnWeekend);

/// <param name="Desk">Null for every desk.</param>
/// <param name="CanReopen">The day has not come yet.</param>
public sealed record ClosureRow(ClosureId Id, DateOnly On, string? Desk, string Reason, bool CanReopen);

/// <param name="Desk">Null for every desk.</param>
/// <param name="IsExtra">The day is closed in every other year or week (臨時開所); else only its hours differ (時間変更).</param>
/// <param name="CanWithdraw">The day has not come yet.</param>
public sealed record OpeningRow(OpeningId Id, DateOnly On, string? Desk, OpeningHours Hours, string Reason, bool IsExtra, bool CanWithdraw);

/// <param name="OfficialUntil">The last year it has from the gazette.</param>
public sealed record HolidayTableRow(int Version, HolidaySource Source, string? FileName, int OfficialUntil, int Days, DateTimeOffset ImportedAt, string ImportedBy);

public sealed record DeskName(string Slug, string Name);

internal sealed class ListClosedDaysValidator : AbstractValidator<ListClosedDays>
{
    public ListClosedDaysValidator()
    {
        RuleFor(r => r.Year).InclusiveBetween(NationalCalendar.FirstYear, 2045).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { NationalCalendar.FirstYear, 2045 });
    }
}

internal sealed class ListClosedDaysHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListClosedDays, ClosedDays>
{
    public async Task<ClosedDays> Handle(ListClosedDays request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        // Fresh and not from the copy: who changed a day looks here for it, perhaps on another node.
        var book = await desks.LoadAsync(db, cancellationToken);
        var (first, national) = (new DateOnly(request.Year, 1, 1), book.National);
        var days = Enumerable.Range(0, DateTime.IsLeapYear(request.Year) ? 366 : 365).Select(first.AddDays)
            .Where(d => national.NameOf(d) is not null)
            .Select(d => new NationalDay(
                d, national.KindOf(d), national.NameOf(d)!, national.IsForecast(d) && national.KindOf(d) != DayKind.YearEnd, d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday));
        var closures = book.Closures.Where(c => c.ClosedOn.Year == request.Year).OrderBy(c => c.ClosedOn).ThenBy(c => c.Id.Value)
            .Select(c => new ClosureRow(c.Id, c.ClosedOn, NameOf(c.DeskId), c.Reason, c.ClosedOn > today));
        var openings = book.Openings.Where(o => o.OpenOn.Year == request.Year).OrderBy(o => o.OpenOn).ThenBy(o => o.Id.Value)
            .Select(o => new OpeningRow(o.Id, o.OpenOn, NameOf(o.DeskId), o.Hours, o.Reason, !national.IsBusinessDay(o.OpenOn), o.OpenOn > today));
        var tables = (await db.Set<HolidayTable>().AsNoTracking().OrderByDescending(t => t.Version).ToListAsync(cancellationToken))
            .Select(t => new HolidayTableRow(t.Version, t.Source, t.FileName, t.OfficialUntil, t.Days.Count, JapanTime.ToJapan(t.ImportedAt), t.ImportedBy));
        return new(
            request.Year, today, [.. days], [.. closures], [.. openings], [.. book.Desks.Select(d => new DeskName(d.Slug, d.Name))],
            [.. tables], national.OfficialUntil, national.IsTableDue(today), national.YearEndOf(request.Year));

        string? NameOf(DeskId? desk) => desk is { } own ? book.Find(own)?.Name : null;
    }
}
