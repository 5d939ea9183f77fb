using Consultation.Calendar;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
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

public sealed record DiaryDays(ExpertId Expert, string Name, string BasePrefecture, IReadOnlyList<DiaryDay> Days);

/// <param name="Closed">The holiday, the year's end or the day of the weekend; null on a business day.</param>
public sealed record DiaryDay(DateOnly Date, string? Closed, IReadOnlyList<WorkingHours> Hours, IReadOnlyList<AbsenceView> Absences, IReadOnlyList<DiaryVisit> Visits);

internal sealed class LookAtDiaryHandler(ConsultationDb db, Execution execution, ExpertAccess experts, DiaryReading reading) : IRequestHandler<LookAtDiary, DiaryDays>
{
    public async Task<DiaryDays> Handle(LookAtDiary request, CancellationToken cancellationToken)
    {
        var (from, to) = (JapanTime.At(request.From, TimeOnly.MinValue).ToUniversalTime(), JapanTime.At(request.From.AddDays(request.Days), TimeOnly.MinValue).ToUniversalTime());
        var expert = await experts.Visible().Where(e => e.Id == request.Expert)
            .Include(e => e.Hours).Include(e => e.Days.Where(d => d.WorksOn >= request.From)).Include(e => e.Absences.Where(a => a.EndsAt > from && a.StartsAt < to)).AsSplitQuery()
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var visits = await reading.ReadAsync(expert, db.Set<DiaryEntry>().Where(e => e.EndsAt > from && e.StartsAt < to && e.State != DiaryState.Cancelled), cancellationToken);
        execution.Audit("diary.viewed", expert.Id, string.Join(' ', visits.Select(v => v.Number).OfType<string>().Distinct()));
        return new(expert.Id, expert.Name, Prefectures.Find(expert.BasePrefecture)?.Name ?? "", [.. Enumerable.Range(0, request.Days).Select(request.From.AddDays).Select(DayOf)]);

        DiaryDay DayOf(DateOnly day)
        {
            var (begins, ends) = (JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue));
            return new(
                day, ClosedWhy(day), [.. expert.HoursOn(day).Select(h => new WorkingHours(day.DayOfWeek, h.From, h.To, h.Modes))],
                [.. expert.Absences.Where(a => a.StartsAt < ends && begins < a.EndsAt).OrderBy(a => a.StartsAt).Select(AbsenceView.Of)],
                [.. visits.Where(v => JapanTime.DateOf(v.Start) == day)]);
        }
    }

    private static string? ClosedWhy(DateOnly day) => NationalCalendar.KindOf(day) switch
    {
        DayKind.Business => null,
        DayKind.Weekend => day.DayOfWeek == DayOfWeek.Sunday ? "日曜日" : "土曜日",
        DayKind.YearEnd => NationalCalendar.YearEndName,
        _ => $"国民の祝日({NationalCalendar.NameOf(day)})",
    };
}
