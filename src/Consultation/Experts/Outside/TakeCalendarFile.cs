using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>
/// Takes the busy times out of a calendar file (.ics) of an expert, in place of those of the file before. Only times are kept. Visits that stand
/// in them stay booked and are flagged to expert and desk (journey J25). A broken file is refused whole and changes nothing.
/// </summary>
[Requires(Permission.KeepAvailability)]
public sealed record TakeCalendarFile(ExpertId Expert, byte[]? File) : ICommand<TakenCalendar>;

/// <param name="Periods">How many stretches it blocks from now on.</param>
public sealed record TakenCalendar(int Periods);

internal sealed class TakeCalendarFileValidator : AbstractValidator<TakeCalendarFile>
{
    public TakeCalendarFileValidator() => RuleFor(r => r.File).Must(f => f is { Length: > 0 }).WithErrorCode("calendar.no_file");
}

internal sealed class TakeCalendarFileHandler(ConsultationDb db, Execution execution, ExpertAccess access, CalendarIntake intake) : IRequestHandler<TakeCalendarFile, TakenCalendar>
{
    public async Task<TakenCalendar> Handle(TakeCalendarFile request, CancellationToken cancellationToken)
    {
        var periods = CalendarIntake.Read(request.File!, execution.Now, await intake.OwnAsync(request.Expert, cancellationToken));
        await intake.LockAsync(request.Expert, cancellationToken);
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var calendar = await db.Set<ExpertCalendar>().FirstOrDefaultAsync(c => c.ExpertId == expert.Id && c.Source == CalendarSource.File, cancellationToken);
        if (calendar is null)
        {
            calendar = new(expert.Id, CalendarSource.File, execution.Now);
            db.Add(calendar);
        }

        await intake.ReplaceAsync(calendar, periods, cancellationToken);
        calendar.Taken(execution.Now, null);
        execution.Audit("expert.calendar_taken", expert.Id);
        return new(periods.Count);
    }
}
