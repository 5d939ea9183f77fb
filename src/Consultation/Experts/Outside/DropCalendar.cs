using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>Forgets a calendar and its busy times. Calls that were made of its conflicts stay until somebody has made them.</summary>
[Requires(Permission.KeepAvailability)]
public sealed record DropCalendar(ExpertId Expert, CalendarSource Source) : ICommand<bool>;

internal sealed class DropCalendarHandler(ConsultationDb db, Execution execution, ExpertAccess access, CalendarIntake intake) : IRequestHandler<DropCalendar, bool>
{
    public async Task<bool> Handle(DropCalendar request, CancellationToken cancellationToken)
    {
        await intake.LockAsync(request.Expert, cancellationToken);
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        var calendar = await db.Set<ExpertCalendar>().FirstOrDefaultAsync(c => c.ExpertId == expert.Id && c.Source == request.Source, cancellationToken) ?? throw new NotFound();
        await db.Set<ExpertElsewhere>().Where(e => e.CalendarId == calendar.Id).ExecuteDeleteAsync(cancellationToken);
        db.Remove(calendar);
        execution.Audit("expert.calendar_dropped", expert.Id);
        return true;
    }
}
