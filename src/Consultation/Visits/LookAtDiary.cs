using Consultation.Calendar;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// An expert's days: visits with their travel, leave, working hours, and why a day is closed. Experts see their own; those who book see
/// everybody's times, and whose visit it is only where they may see the case.
/// </summary>
/// <param name="Days">1–31.</param>
[Requires(Permission.BookVisit)]
public sealed record LookAtDiary(ExpertId Expert, DateOnly From, int Days) : IQuery<DiaryDays>;

internal sealed class LookAtDiaryValidator : AbstractValidator<LookAtDiary>
{
    public LookAtDiaryValidator()
    {
        RuleFor(r => r.From).Must(d => d.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
        RuleFor(r => r.Days).InclusiveBetween(1, 31).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 31 });
    }
}

public sealed record DiaryDays(ExpertId Expert, string Name, string BasePrefecture, IReadOnlyList<DiaryDay> Days)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(30);

    /// <summary>One day of an expert's as everybody shows it.</summary>
    /// <param name="expert">With hours and absences.</param>
    /// <param name="visits">The expert's, also those of other days.</param>
    /// <param name="programme">Its hours bound what is free; without a programme nothing can be booked.</param>
    /// <param name="elsewhere">What the expert's own calendar says, also of other days.</param>
    internal static DiaryDay Of(NationalCalendar national, Expert expert, DateOnly day, IReadOnlyList<DiaryVisit> visits, IEnumerable<BusyPeriod> elsewhere, ProgrammeYear? programme, DateTimeOffset now)
    {
        var (begins, ends, closed) = (JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue), ClosedWhy(national, day));
        List<WorkingHours> hours = [.. expert.HoursOn(day).Select(h => new WorkingHours(day.DayOfWeek, h.From, h.To, h.Modes))];
        List<AbsenceView> absences = [.. expert.Absences.Where(a => a.StartsAt < ends && begins < a.EndsAt).OrderBy(a => a.StartsAt).Select(AbsenceView.Of)];
        List<DiaryVisit> here = [.. visits.Where(v => JapanTime.DateOf(v.Start) == day)];
        List<DiaryVisit> taken = [.. visits.Where(v => (v.IsAway || v.State is VisitState.Held or VisitState.Confirmed or VisitState.TookPlace) && v.Leave < ends && begins < v.Back)];
        List<BusyPeriod> busy = [.. elsewhere.Where(b => b.From < ends && begins < b.To).OrderBy(b => b.From).Select(b => new BusyPeriod(JapanTime.ToJapan(b.From), JapanTime.ToJapan(b.To)))];
        var open = closed is null && programme is not null && programme.OpensOn <= day && day <= programme.LastVisitOn && expert.IsCommissionedOn(day);
        return new(day, closed, hours, absences, here, open ? [.. hours.SelectMany(h => Free(day, h, programme!, absences, taken, busy, now))] : [])
        {
            Elsewhere = busy,
            Journeys = [.. taken.Except(here)],
        };
    }

    private static IEnumerable<FreeTime> Free(DateOnly day, WorkingHours hours, ProgrammeYear programme, List<AbsenceView> absences, List<DiaryVisit> visits, List<BusyPeriod> elsewhere, DateTimeOffset now)
    {
        var from = JapanTime.At(day, hours.From > programme.VisitOpens ? hours.From : programme.VisitOpens);
        var to = JapanTime.At(day, hours.To < programme.VisitCloses ? hours.To : programme.VisitCloses);
        var taken = absences.Select(a => (From: a.From, To: a.To))
            .Concat(visits.Select(v => (From: v.Leave, To: v.Back)))
            .Concat(elsewhere.Select(b => (b.From, b.To)))
            .Concat(programme is { LunchFrom: { } lunch, LunchTo: { } back } ? [(JapanTime.At(day, lunch), JapanTime.At(day, back))] : [])
            .Append((DateTimeOffset.MinValue, now)).OrderBy(t => t.Item1);
        foreach (var (begins, ends) in taken)
        {
            if (begins - from >= Shortest && from < to)
            {
                yield return new(JapanTime.ToJapan(from), JapanTime.ToJapan(begins < to ? begins : to));
            }

            from = ends > from ? ends : from;
        }

        if (to - from >= Shortest)
        {
            yield return new(JapanTime.ToJapan(from), JapanTime.ToJapan(to));
        }
    }

    /// <summary>Why no visit can be on that day by the national calendar.</summary>
    internal static string? ClosedWhy(NationalCalendar national, DateOnly day) => national.KindOf(day) switch
    {
        DayKind.Business or DayKind.Weekend or DayKind.YearEnd => national.ClosedReason(day),
        _ => $"国民の祝日({national.NameOf(day)})",
    };
}

/// <summary>A stretch of working time, Japan time, that no visit with its travel and no absence has taken; at least half an hour, and not over yet.</summary>
public sealed record FreeTime(DateTimeOffset From, DateTimeOffset To);

/// <param name="Closed">The holiday, the year's end or the day of the weekend; null on a business day.</param>
/// <param name="Free">Working time that nothing has taken yet.</param>
public sealed record DiaryDay(
    DateOnly Date, string? Closed, IReadOnlyList<WorkingHours> Hours, IReadOnlyList<AbsenceView> Absences, IReadOnlyList<DiaryVisit> Visits, IReadOnlyList<FreeTime> Free)
{
    /// <summary>What a calendar of the expert's own says is taken (journey J25); times only.</summary>
    public IReadOnlyList<BusyPeriod> Elsewhere { get; init; } = [];

    /// <summary>Visits of other days for which the expert is on the road on this one.</summary>
    public IReadOnlyList<DiaryVisit> Journeys { get; init; } = [];
}

internal sealed class LookAtDiaryHandler(ConsultationDb db, Execution execution, ExpertAccess experts, DiaryReading reading, DeskBook desks, ProgrammeBook programmes) : IRequestHandler<LookAtDiary, DiaryDays>
{
    public async Task<DiaryDays> Handle(LookAtDiary request, CancellationToken cancellationToken)
    {
        var (from, to) = (JapanTime.At(request.From, TimeOnly.MinValue).ToUniversalTime(), JapanTime.At(request.From.AddDays(request.Days), TimeOnly.MinValue).ToUniversalTime());
        var expert = await experts.Visible().Where(e => e.Id == request.Expert)
            .Include(e => e.Hours).Include(e => e.Days.Where(d => d.WorksOn >= request.From)).Include(e => e.Absences.Where(a => a.EndsAt > from && a.StartsAt < to)).AsSplitQuery()
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var (first, last, begins, ends) = (from.AddDays(-BookableTime.Around), to.AddDays(BookableTime.Around), from.UtcDateTime, to.UtcDateTime);
        var visits = await reading.ReadAsync(
            expert,
            db.Set<DiaryEntry>().Where(e => e.EndsAt > first && e.StartsAt < last && e.Busy.UpperBound > begins && e.Busy.LowerBound < ends && e.State != DiaryState.Cancelled), cancellationToken);
        execution.Audit("diary.viewed", expert.Id, string.Join(' ', visits.Select(v => v.Number).OfType<string>().Distinct()));
        var elsewhere = await db.Set<ExpertElsewhere>().AsNoTracking().Where(b => b.ExpertId == expert.Id && b.EndsAt > from && b.StartsAt < to)
            .Select(b => new BusyPeriod(b.StartsAt, b.EndsAt)).ToListAsync(cancellationToken);
        // A week may lie in two fiscal years.
        var (early, late) = (await programmes.FindAsync(FiscalYear.Of(request.From), cancellationToken), await programmes.FindAsync(FiscalYear.Of(request.From.AddDays(request.Days - 1)), cancellationToken));
        var national = await desks.NationalAsync(cancellationToken);
        var days = Enumerable.Range(0, request.Days).Select(request.From.AddDays).Select(day => DiaryDays.Of(national, expert, day, visits, elsewhere, early?.FiscalYear == FiscalYear.Of(day).Year ? early : late, execution.Now));
        return new(expert.Id, expert.Name, Prefectures.Find(expert.BasePrefecture)?.Name ?? "", [.. days]);
    }
}
