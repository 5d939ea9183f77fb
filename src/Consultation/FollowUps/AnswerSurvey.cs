using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// The client answers the survey of a consultation, once. What is written freely is something the client said: a contact of the case, and news for its desk.
/// </summary>
/// <param name="Secret">Of the link; who has it may answer.</param>
/// <exception cref="NotFound">No survey has this secret, or it was mailed to an address that is not the client's any more.</exception>
/// <exception cref="RuleViolation"><c>survey.answered</c>, <c>survey.expired</c>.</exception>
[Requires(Permission.FollowLink)]
public sealed record AnswerSurvey(string Secret, Satisfaction? Satisfaction, Achievement? Achievement, Intent? Intent, string? Comment = null) : ICommand<SurveyId>;

internal sealed class AnswerSurveyValidator : AbstractValidator<AnswerSurvey>
{
    private const int CommentLength = 2000;

    public AnswerSurveyValidator()
    {
        RuleFor(r => r.Satisfaction).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Achievement).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Intent).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Comment).Storable(CommentLength);
    }
}

internal sealed class AnswerSurveyHandler(ConsultationDb db, Execution execution, CaseAccess cases, ContactRecord contacts) : IRequestHandler<AnswerSurvey, SurveyId>
{
    public async Task<SurveyId> Handle(AnswerSurvey request, CancellationToken cancellationToken)
    {
        var hash = Survey.HashOf(request.Secret) ?? throw new NotFound();
        var owner = await db.Set<Survey>().Where(s => s.SecretHash == hash).Select(s => (CaseId?)s.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await cases.ForConsequenceAsync(owner, cancellationToken);
        var survey = await db.Set<Survey>().SingleAsync(s => s.SecretHash == hash, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        if (!await SurveyLink.IsForAsync(db, survey, found.Email, cancellationToken))
        {
            throw new NotFound();
        }

        survey.Answer(request.Satisfaction!.Value, request.Achievement!.Value, request.Intent!.Value, execution.Now);
        found.Tell(
            occasion, "survey_answered",
            $"満足度アンケートの回答: {SurveyWords.Of(request.Satisfaction.Value)}、目的は{SurveyWords.Of(request.Achievement.Value)}、導入は{SurveyWords.Of(request.Intent.Value)}");
        execution.Audit("survey.answered", survey.Id);
        if (!string.IsNullOrWhiteSpace(request.Comment))
        {
            var text = $"満足度アンケートのご意見: {request.Comment.Trim()}";
            var contact = new Contact(found.Id, ContactDirection.In, Channel.Web, execution.Now, null, null, ContactResult.Message, text, execution.Actor);
            await contacts.AddAsync(found, contact, cancellationToken);
            db.Add(new DeskNews(found.Id, found.DeskId, DeskNewsKind.Contact, execution.Now, execution.Actor.Name, text));
            if (found.AwaitsWord)
            {
                execution.Raise(new ClientSpoke(found.Id, execution.Now));
            }
        }

        return survey.Id;
    }
}
