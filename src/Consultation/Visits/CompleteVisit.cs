using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// Records by the word of whoever knows that a visit took place (実施) or that nobody was there (先方不在). Only the first owes reports and
/// plans follow-ups; its report is another act (journey J61). It consumes quota; the second does where the programme year says so (<see cref="QuotaRule"/>).
/// </summary>
/// <param name="Minutes">How long it really was; as booked where null.</param>
/// <param name="Source">How it is known (電話で確認 …); needed from everybody but the expert who was there.</param>
[Requires(Permission.CompleteVisit)]
public sealed record CompleteVisit(VisitId Visit, VisitOutcome? Outcome, int? Minutes = null, string? Source = null) : ICommand<ChangedVisit>;

internal sealed class CompleteVisitValidator : AbstractValidator<CompleteVisit>
{
    public CompleteVisitValidator()
    {
        RuleFor(r => r.Outcome).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Minutes).Must(m => m is null or (>= 1 and <= 1440)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, 1440 });
        RuleFor(r => r.Source).Storable();
    }
}

internal sealed class CompleteVisitHandler(ConsultationDb db, Execution execution, VisitAccess visits, ExpertDiary diary, VisitQuota quota, VisitLetters letters) : IRequestHandler<CompleteVisit, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(CompleteVisit request, CancellationToken cancellationToken)
    {
        var source = string.IsNullOrWhiteSpace(request.Source) ? null : request.Source.Trim();
        if (execution.Actor.Role != Role.Expert && source is null)
        {
            throw new InvalidInput("source", "visit.source_needed");
        }

        var (visit, found, occasion) = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var confirmed = visit.State == VisitState.Confirmed;
        if (!visit.Complete(request.Outcome!.Value, request.Minutes, source, occasion))
        {
            return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
        }

        var told = source is null ? "" : $"（{source}）";
        if (visit.State == VisitState.TookPlace)
        {
            quota.Consume(visit, "実施", occasion);
            (await diary.OfVisitAsync(Ref.To(visit.Id), cancellationToken)).ToList().ForEach(e => e.Complete());
            found.VisitTookPlace(Ref.To(visit.Id), visit.Tracks, visit.EndsAt, $"{VisitWords.Of(visit)}を実施{told}", occasion);
            execution.Raise(new VisitTookPlace(found.Id, visit.Id, visit.Plan.On));
        }
        else
        {
            await VisitNumbers.AgreeAsync(db, found.Id, cancellationToken);
            var counted = quota.FallThrough(visit, QuotaRule.OfNoShow(confirmed, await quota.ProgrammeOf(visit, cancellationToken)), occasion);
            await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken, DiaryState.NoShow);
            found.VisitFellThrough(visit.Tracks, await VisitAccess.CoveredBesideAsync(db, visit, cancellationToken), "visit_no_show", $"{VisitWords.Of(visit)}は先方不在{counted}{told}", occasion);
            execution.Raise(new VisitCancelled(found.Id, visit.Id, visit.State));
        }

        await letters.EndCallsAsync(visit, found, occasion, cancellationToken);
        execution.Audit("visit.completed", visit.Id, visit.QuotaKept ? $"{request.Outcome}, counted" : request.Outcome.ToString());
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }
}
