using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// The expert will be late and has called the client (journey J58). A visit of one expert begins that much later and ends as booked, so that
/// no other booking can stand in the way; a joint visit begins as booked with whoever is there.
/// </summary>
/// <param name="Minutes">5–240.</param>
/// <param name="Reached">Whether the client answered the call.</param>
/// <param name="Said">What else was said.</param>
[Requires(Permission.BookVisit)]
public sealed record TellLateness(VisitId Visit, int? Minutes, bool? Reached, string? Said = null) : ICommand<ChangedVisit>;

internal sealed class TellLatenessValidator : AbstractValidator<TellLateness>
{
    public TellLatenessValidator()
    {
        RuleFor(r => r.Minutes).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Minutes).Must(m => m is null or (>= 5 and <= 240)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 5, 240 });
        this.Call(r => r.Reached, r => r.Said);
    }
}

internal sealed class TellLatenessHandler(Execution execution, VisitAccess visits, ExpertDiary diary, VisitQuota quota, VisitLetters letters, ShortNotice notice)
    : IRequestHandler<TellLateness, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(TellLateness request, CancellationToken cancellationToken)
    {
        var hand = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var (visit, found, occasion) = hand;
        visit.DemandToday(execution.Now);
        var minutes = request.Minutes!.Value;
        var before = VisitWords.Of(visit);
        var plan = visit.Plan with { Start = visit.Plan.Start.AddMinutes(minutes) };
        if (plan.End - plan.Start < PlanRules.Shortest)
        {
            throw new RuleViolation("visit.too_late", JapaneseDate.Time(JapanTime.TimeOf(plan.End)));
        }

        if (visit.ExpertIds.Count == 1)
        {
            visit.Move(plan, execution.Now);
            visit.Reminded(execution.Now);
            foreach (var entry in await diary.OfVisitAsync(Ref.To(visit.Id), cancellationToken))
            {
                entry.BeginLater(plan.Start, execution.Now);
            }
        }

        found.VisitChanged("visit_late", $"{before}に{occasion.Actor.Name}さんが{minutes}分遅れます", occasion);
        if (visit.State == VisitState.Confirmed)
        {
            await letters.LateAsync(visit, found, minutes, occasion.Actor.Expert, request.Reached == true, occasion, cancellationToken);
        }

        await notice.RecordAsync(
            hand, request.Reached!.Value, request.Said, $"{before}に{minutes}分遅れます（{JapaneseDate.Time(JapanTime.TimeOf(plan.Start))}ごろ開始）。", "到着を確かめてください。", cancellationToken);
        execution.Audit("visit.late", visit.Id, $"{minutes}");
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }
}
