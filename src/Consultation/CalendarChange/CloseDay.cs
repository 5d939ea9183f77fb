using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.CalendarChange;

/// <summary>
/// Closes a desk, or all where none is named, on one day (臨時休業) and counts everything open again that the day touches: deadlines and
/// follow-ups of the desks concerned. Ended ones keep their history, visits stay (journey J29).
/// </summary>
/// <param name="Desk">Slug; null for every desk.</param>
[Requires(Permission.Administer), ChangesCalendar]
public sealed record CloseDay(DateOnly? On, string? Desk, string? Reason) : ICommand<ChangedDay>;

/// <param name="Moved">How many dates moved.</param>
public sealed record ChangedDay(ClosureId Id, DateOnly Day, int Moved);

internal sealed class CloseDayValidator : AbstractValidator<CloseDay>
{
    public CloseDayValidator()
    {
        RuleFor(r => r.On).ClosableDay();
        RuleFor(r => r.Reason).RequiredText(CalendarRules.ReasonLength);
    }
}

internal sealed class CloseDayHandler(ConsultationDb db, Execution execution, DeskBook desks, ClosedDay days, CalendarMoves moves) : IRequestHandler<CloseDay, ChangedDay>
{
    public async Task<ChangedDay> Handle(CloseDay request, CancellationToken cancellationToken)
    {
        var (closure, change) = await days.CloseAsync(request.On!.Value, request.Desk, request.Reason!.Trim(), cancellationToken);
        db.Add(closure);
        var moved = await moves.MoveAsync(change, cancellationToken);
        execution.Audit("calendar.closed", closure.Id, ClosedDay.Details(closure, change, moved.Count));
        execution.AfterCommit(desks.Drop);
        return new(closure.Id, closure.ClosedOn, moved.Count);
    }
}
