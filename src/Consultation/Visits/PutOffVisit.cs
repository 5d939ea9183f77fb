using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// A visit is put off at short notice (journey J58): to a new time under the rules of booking, or without one. Without one it is cancelled
/// for that reason: the experts' time and the quota unit are free again, and the case waits for a date within its usual days.
/// </summary>
/// <param name="By">Why: snow and the like are nobody's fault and count as such.</param>
/// <param name="Start">The new beginning as agreed, for the same length; to be agreed later where null.</param>
/// <param name="Reached">Whether the client answered the call.</param>
/// <param name="Said">What else was said.</param>
[Requires(Permission.BookVisit)]
public sealed record PutOffVisit(VisitId Visit, CancelledBy? By, bool? Reached, DateTimeOffset? Start = null, string? Said = null) : ICommand<ChangedVisit>, ICompetes
{
    /// <summary>Without a new time nothing is competed for.</summary>
    string? ICompetes.LostCode => Start is null ? null : "visit.taken";
}

internal sealed class PutOffVisitValidator : AbstractValidator<PutOffVisit>
{
    public PutOffVisitValidator()
    {
        RuleFor(r => r.By).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Start).PossibleInstant();
        RuleFor(r => r.Start).Must(s => s is null || s.Value.UtcTicks % TimeSpan.TicksPerMinute == 0).WithErrorCode("visit.not_to_the_minute");
        this.Call(r => r.Reached, r => r.Said);
    }
}

internal sealed class PutOffVisitHandler(
    Execution execution, VisitAccess visits, VisitMoving moving, VisitCancellation cancellation, VisitQuota quota, ShortNotice notice) : IRequestHandler<PutOffVisit, ChangedVisit>
{
    private const string Reason = "当日の延期";

    public async Task<ChangedVisit> Handle(PutOffVisit request, CancellationToken cancellationToken)
    {
        var hand = request.Start is { } start
            ? await visits.ForMoveAsync(request.Visit, FiscalYear.Of(start).Year, cancellationToken)
            : await visits.ForChangeAsync(request.Visit, cancellationToken);
        var visit = hand.Visit;
        if (request.Start is null && visit.State == VisitState.Cancelled)
        {
            return ChangedVisit.Of(visit, hand.Case, execution.Actor, quota.LeftFor(visit));
        }

        visit.DemandToday(execution.Now);
        var (before, by) = (VisitWords.Of(visit), request.By!.Value);
        if (request.Start is { } agreed)
        {
            if (agreed == visit.StartsAt)
            {
                throw new RuleViolation("visit.same_time");
            }

            var plan = PlanRules.Checked(agreed, agreed + (visit.EndsAt - visit.StartsAt), visit.Mode, visit.Place, execution.Now);
            await moving.MoveAsync(hand, plan, $"{Reason}（{VisitWords.Of(by)}）", cancellationToken);
            await notice.RecordAsync(
                hand, request.Reached!.Value, request.Said, $"{before}を {VisitWords.Period(visit.Plan)} に延期します。", "新しい日時でよいか、相談者に確かめてください。", cancellationToken);
        }
        else
        {
            await cancellation.CancelAsync(hand, by, Reason, cancellationToken);
            await notice.RecordAsync(hand, request.Reached!.Value, request.Said, $"{before}を延期します。新しい日時はこれから相談します。", "新しい日時を相談者と専門家に相談してください。", cancellationToken);
        }

        execution.Audit("visit.put_off", visit.Id, by.ToString());
        return ChangedVisit.Of(visit, hand.Case, execution.Actor, quota.LeftFor(visit));
    }
}
