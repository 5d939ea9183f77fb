using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// Gives a visit up, by whom and why; its experts are free again, unless they are on the road already, and its quota unit is released, unless the client cancels later than the programme
/// year allows (<see cref="QuotaRule"/>). A repeat is a no-op.
/// </summary>
[Requires(Permission.BookVisit)]
public sealed record CancelVisit(VisitId Visit, CancelledBy? By, string? Reason) : ICommand<ChangedVisit>;

internal sealed class CancelVisitValidator : AbstractValidator<CancelVisit>
{
    public CancelVisitValidator()
    {
        RuleFor(r => r.By).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class CancelVisitHandler(Execution execution, VisitAccess visits, VisitCancellation cancellation, VisitQuota quota) : IRequestHandler<CancelVisit, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(CancelVisit request, CancellationToken cancellationToken)
    {
        var hand = await visits.ForChangeAsync(request.Visit, cancellationToken);
        await cancellation.CancelAsync(hand, request.By!.Value, request.Reason!.Trim(), cancellationToken);
        return ChangedVisit.Of(hand.Visit, hand.Case, execution.Actor, quota.LeftFor(hand.Visit));
    }
}

/// <summary>Everything that a cancellation is, for the person who cancels and for a case that closes with open visits.</summary>
public sealed class VisitCancellation(ConsultationDb db, Execution execution, ExpertDiary diary, VisitQuota quota, VisitLetters letters)
{
    /// <param name="tell">False where whoever calls tells everybody in words of its own.</param>
    internal async Task CancelAsync(VisitInHand hand, CancelledBy by, string reason, CancellationToken cancellationToken, bool tell = true)
    {
        var (visit, found, occasion) = hand;
        var announced = visit.State == VisitState.Confirmed;
        if (!visit.Cancel(by, reason, occasion))
        {
            return;
        }

        await VisitNumbers.AgreeAsync(db, found.Id, cancellationToken);
        var rule = QuotaRule.OfCancelling(visit, announced, by, occasion.Calendar, await quota.ProgrammeOf(visit, cancellationToken), occasion.Now);
        var counted = quota.FallThrough(visit, rule, occasion);
        await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken);
        found.VisitFellThrough(
            visit.Tracks, await VisitAccess.CoveredBesideAsync(db, visit, cancellationToken), "visit_cancelled", $"{VisitWords.Of(visit)}を中止（{VisitWords.Of(by)}）{counted}: {reason}", occasion);
        await letters.EndCallsAsync(visit, found, occasion, cancellationToken);
        if (announced && tell)
        {
            await letters.CancelledAsync(visit, found, by, occasion, cancellationToken);
        }

        execution.Audit("visit.cancelled", visit.Id, visit.QuotaKept ? $"{by}, counted" : by.ToString());
        execution.Raise(new VisitCancelled(found.Id, visit.Id, visit.State));
    }
}
