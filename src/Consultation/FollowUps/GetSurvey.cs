using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>What whoever holds the link of a survey may see: the day of the consultation and whether it can be answered. Nothing personal, nothing changed.</summary>
/// <exception cref="NotFound">No survey has this secret, or it was mailed to an address that is not the client's any more.</exception>
[Requires(Permission.FollowLink)]
public sealed record GetSurvey(string Secret) : IQuery<SurveyView>;

/// <param name="Until">The last day on which it can be answered.</param>
public sealed record SurveyView(DateOnly VisitedOn, bool IsAnswered, bool IsOpen, DateOnly Until);

internal sealed class GetSurveyHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetSurvey, SurveyView>
{
    public async Task<SurveyView> Handle(GetSurvey request, CancellationToken cancellationToken)
    {
        var hash = Survey.HashOf(request.Secret) ?? throw new NotFound();
        var survey = await db.Set<Survey>().AsNoTracking().FirstOrDefaultAsync(s => s.SecretHash == hash, cancellationToken) ?? throw new NotFound();
        var email = await db.Set<Case>().Where(c => c.Id == survey.CaseId).Select(c => c.Email).SingleAsync(cancellationToken);
        if (!await SurveyLink.IsForAsync(db, survey, email, cancellationToken))
        {
            throw new NotFound();
        }

        var until = Reference.JapanTime.DateOf(survey.ExpiresAt!.Value).AddDays(-1);
        return new(survey.VisitedOn, survey.State == SurveyState.Answered, survey.State == SurveyState.Sent && execution.Now < survey.ExpiresAt, until);
    }
}
