using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;

namespace Consultation.CalendarChange;

/// <summary>Takes a coming closure back; what it had moved is counted again by the open day.</summary>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record ReopenDay(ClosureId Closure) : ICommand<ChangedDay>;

internal sealed class ReopenDayHandler(ConsultationDb db, Execution execution, DeskBook desks, ClosedDay days, CalendarMoves moves) : IRequestHandler<ReopenDay, ChangedDay>
{
    public async Task<ChangedDay> Handle(ReopenDay request, CancellationToken cancellationToken)
    {
        var (closure, change) = await days.ReopenAsync(request.Closure, cancellationToken);
        db.Remove(closure);
        var moved = await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.reopened", closure.Id, ClosedDay.Details(closure, change, moved.Count));
        execution.AfterCommit(desks.Drop);
        return new(closure.Id, closure.ClosedOn, moved.Count);
    }
}
