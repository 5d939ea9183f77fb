using System.Globalization;
using System.Security.Cryptography;
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
/// Publishes the holidays of 内閣府's file as the next version of the national table, and counts everything open again that it touches, of every desk.
/// Ended deadlines keep their history, visits stay.
/// </summary>
/// <param name="File">The bytes as sent: Shift_JIS or UTF-8.</param>
/// <param name="Base">The version that was in force when somebody looked at what moves.</param>
/// <exception cref="RuleViolation"><c>holidays.newer</c>: another version was published since.</exception>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record ImportHolidays(byte[]? File, string? FileName, int? Base) : ICommand<ImportedHolidays>;

/// <param name="Moved">How many dates moved.</param>
public sealed record ImportedHolidays(int Version, int OfficialUntil, int Moved);

/// <summary>What a file changes and what would move, before it is published. Changes nothing.</summary>
[Requires(Permission.Administer)]
public sealed record PreviewHolidays(byte[]? File) : IQuery<HolidaysPreview>;

/// <param name="Base">The version in force; what is published must still be the next one.</param>
/// <param name="Confirmed">Years that were forecast and are official by the file.</param>
/// <param name="Moves">Null where no desk's day changes.</param>
public sealed record HolidaysPreview(
    int Base, int OfficialUntil, IReadOnlyList<int> Confirmed, IReadOnlyList<Holiday> Added, IReadOnlyList<Holiday> Removed, IReadOnlyList<RenamedHoliday> Renamed, int Days, int Ignored, DayPreview? Moves);

public sealed record RenamedHoliday(DateOnly On, string Was, string Name);

internal sealed class ImportHolidaysValidator : AbstractValidator<ImportHolidays>
{
    public ImportHolidaysValidator()
    {
        RuleFor(r => r.File).NotNull().WithErrorCode("holidays.missing");
        RuleFor(r => r.FileName).Storable();
        RuleFor(r => r.Base).NotNull().WithErrorCode("field.required");
    }
}

internal sealed class PreviewHolidaysValidator : AbstractValidator<PreviewHolidays>
{
    public PreviewHolidaysValidator() => RuleFor(r => r.File).NotNull().WithErrorCode("holidays.missing");
}

internal sealed class ImportHolidaysHandler(ConsultationDb db, Execution execution, DeskBook desks, PublishedHolidays published, CalendarMoves moves) : IRequestHandler<ImportHolidays, ImportedHolidays>
{
    public async Task<ImportedHolidays> Handle(ImportHolidays request, CancellationToken cancellationToken)
    {
        var plan = await published.ReadAsync(request.File!, cancellationToken);
        if (plan.Base != request.Base)
        {
            throw new RuleViolation("holidays.newer");
        }

        var (file, change) = (plan.File, plan.Change);
        var hash = Convert.ToHexStringLower(SHA256.HashData(request.File!));
        db.Add(new HolidayTable(plan.Base + 1, HolidaySource.CabinetOffice, request.FileName, hash, file.LastYear, file.Days, execution.Now, execution.Actor.Name));
        var moved = change is null ? [] : await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.holidays_published", default(Ref), string.Create(
            CultureInfo.InvariantCulture, $"version {plan.Base + 1} until {file.LastYear} added {plan.Added.Count} removed {plan.Removed.Count} renamed {plan.Renamed.Count} sha256 {hash[..16]} moved {moved.Count}"));
        execution.AfterCommit(desks.Drop);
        return new(plan.Base + 1, file.LastYear, moved.Count);
    }
}

internal sealed class PreviewHolidaysHandler(PublishedHolidays published, CalendarMoves moves) : IRequestHandler<PreviewHolidays, HolidaysPreview>
{
    public async Task<HolidaysPreview> Handle(PreviewHolidays request, CancellationToken cancellationToken)
    {
        var plan = await published.ReadAsync(request.File!, cancellationToken);
        var preview = plan.Change is null ? null : await DayPreviews.OfAsync(null, "", plan.Change, moves, cancellationToken);
        return new(plan.Base, plan.File.LastYear, plan.Confirmed, plan.Added, plan.Removed, plan.Renamed, plan.File.Days.Count, plan.File.Ignored, preview);
    }
}

/// <param name="Change">Null where no day of today or later changes.</param>
internal sealed record HolidayPlan(
    int Base, HolidayFile File, IReadOnlyList<int> Confirmed, IReadOnlyList<Holiday> Added, IReadOnlyList<Holiday> Removed, IReadOnlyList<RenamedHoliday> Renamed, DayChange? Change);

/// <summary>Holds a file against the table in force, the same for looking at it and for publishing it.</summary>
public sealed class PublishedHolidays(ConsultationDb db, Execution execution, DeskBook desks)
{
    /// <exception cref="InvalidInput">Of the field <c>file</c>: broken, older than the table, unlike the past, ahead of the gazette, or the same as what is in force; or hours of a day stand in the way.</exception>
    internal async Task<HolidayPlan> ReadAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var file = HolidayFile.Read(bytes);
        var before = await desks.LoadAsync(db, cancellationToken);
        var (national, today) = (before.National, JapanTime.DateOf(execution.Now));
        var inForce = await db.Set<HolidayTable>().AsNoTracking().OrderByDescending(t => t.Version).FirstAsync(cancellationToken);
        if (file.LastYear < inForce.OfficialUntil)
        {
            throw new InvalidInput("file", "holidays.older", file.LastYear, inForce.OfficialUntil);
        }

        // The gazette fixes the coming year and none after it.
        if (file.LastYear > today.Year + 1)
        {
            throw new InvalidInput("file", "holidays.too_far", file.LastYear, today.Year + 1);
        }

        var known = Enumerable.Range(NationalCalendar.FirstYear, file.LastYear - NationalCalendar.FirstYear + 1).SelectMany(national.HolidaysOf).ToDictionary(h => h.On);
        var told = file.Days.ToDictionary(h => h.On);
        List<Holiday> added = [.. told.Values.Where(h => !known.ContainsKey(h.On)).OrderBy(h => h.On)];
        List<Holiday> removed = [.. known.Values.Where(h => !told.ContainsKey(h.On)).OrderBy(h => h.On)];
        List<RenamedHoliday> renamed = [.. told.Values.Where(h => known.TryGetValue(h.On, out var was) && was.Name != h.Name).OrderBy(h => h.On).Select(h => new RenamedHoliday(h.On, known[h.On].Name, h.Name))];
        // What was closed was closed: deadlines were counted by it.
        if (removed.FirstOrDefault(h => h.On <= today) is { } past)
        {
            throw new InvalidInput("file", "holidays.removes_past", JapaneseDate.Long(past.On), past.Name);
        }

        if (added.FirstOrDefault(h => h.On < today && national.IsBusinessDay(h.On)) is { } late)
        {
            throw new InvalidInput("file", "holidays.adds_past", JapaneseDate.Long(late.On), late.Name);
        }

        List<int> confirmed = [.. Enumerable.Range(inForce.OfficialUntil + 1, file.LastYear - inForce.OfficialUntil)];
        if (added.Count + removed.Count + renamed.Count + confirmed.Count == 0)
        {
            throw new InvalidInput("file", "holidays.same", inForce.OfficialUntil);
        }

        var yearEnds = await db.Set<YearEndRule>().AsNoTracking().ToListAsync(cancellationToken);
        var after = before.With(otherDays: new NationalCalendar(file.Days, file.LastYear, yearEnds.Select(y => y.Days)));
        NationalDays.DemandNothingInTheWay("file", before, after, today);
        return new(inForce.Version, file, confirmed, added, removed, renamed, NationalDays.Between(before, after, today, file.LastYear, $"祝日の表の更新（{file.LastYear}年まで）"));
    }
}

/// <summary>Which days another national calendar opens or closes.</summary>
internal static class NationalDays
{
    /// <returns>Null where from <paramref name="today"/> on the same days are open.</returns>
    public static DayChange? Between(DeskBook.Snapshot before, DeskBook.Snapshot after, DateOnly today, int lastYear, string cause)
    {
        var days = new List<DateOnly>();
        for (var day = today; day.Year <= lastYear; day = day.AddDays(1))
        {
            if (before.National.IsBusinessDay(day) != after.National.IsBusinessDay(day))
            {
                days.Add(day);
            }
        }

        return days.Count == 0 ? null : new(days, before.Desks, before, after, cause);
    }

    /// <summary>
    /// Hours that were given to a working day would keep its desk open when the day becomes a closing day: nobody decided that. Whoever wants it open
    /// decides so (臨時開所) once the new days are in force. A day that has begun keeps what people counted on.
    /// </summary>
    /// <exception cref="InvalidInput"><c>opening.in_the_way</c>, with the days.</exception>
    public static void DemandNothingInTheWay(string field, DeskBook.Snapshot before, DeskBook.Snapshot after, DateOnly today)
    {
        var standing = before.Openings.Where(o => o.OpenOn > today && before.National.ClosedReason(o.OpenOn) is null && after.National.ClosedReason(o.OpenOn) is not null)
            .Where(o => before.With(otherOpenings: before.Openings.Where(other => other.Id != o.Id)) is var without
                && before.Desks.Any(d => (o.DeskId is null || o.DeskId == d.Id) && without.CalendarOf(d.Id).IsOpen(o.OpenOn)))
            .OrderBy(o => o.OpenOn).ThenBy(o => o.Id.Value).ToList();
        if (standing.Count > 0)
        {
            var named = standing.Select(o => $"{JapaneseDate.Long(o.OpenOn)}（{after.National.ClosedReason(o.OpenOn)}）の{(o.DeskId is { } desk ? before.Find(desk)!.Name : "すべての窓口")} {CalendarWords.Of(o.Hours)}");
            throw new InvalidInput(field, "opening.in_the_way", string.Join("、", named));
        }
    }
}
