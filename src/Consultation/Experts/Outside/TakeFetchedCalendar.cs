using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>What came of asking a subscribed calendar: its busy times, or why there are none; then those of the reading before still hold.</summary>
/// <param name="Address">That was asked; the answer counts for nothing where the subscription was changed meanwhile.</param>
[Requires(Permission.Operate)]
public sealed record TakeFetchedCalendar(ExpertCalendarId Calendar, ExpertId Expert, string Address, IReadOnlyList<BusyPeriod>? Periods, string? Fault) : ICommand<bool>;

internal sealed class TakeFetchedCalendarHandler(ConsultationDb db, Execution execution, CalendarIntake intake) : IRequestHandler<TakeFetchedCalendar, bool>
{
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan AgainAfterFault = TimeSpan.FromHours(3);

    public async Task<bool> Handle(TakeFetchedCalendar request, CancellationToken cancellationToken)
    {
        await intake.LockAsync(request.Expert, cancellationToken);
        var calendar = await db.Set<ExpertCalendar>().FirstOrDefaultAsync(c => c.Id == request.Calendar && c.Address == request.Address, cancellationToken);
        if (calendar is null)
        {
            return false;
        }

        if (request.Periods is not { } periods)
        {
            calendar.Failed(request.Fault!, execution.Now, AgainAfterFault);
            return false;
        }

        await intake.ReplaceAsync(calendar, periods, cancellationToken);
        calendar.Taken(execution.Now, Again);
        return true;
    }
}
