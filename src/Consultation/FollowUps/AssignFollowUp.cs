using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>The desk passes a follow-up on to an expert of its case, or takes it back (design §2). The same again is a no-op.</summary>
/// <param name="Expert">Null: the desk asks itself.</param>
[Requires(Permission.EditCase)]
public sealed record AssignFollowUp(FollowUpId FollowUp, ExpertId? Expert) : ICommand<ChangedFollowUp>;

internal sealed class AssignFollowUpValidator : AbstractValidator<AssignFollowUp>
{
    public AssignFollowUpValidator() => RuleFor(r => r.FollowUp).Must(f => f.Value != default).WithErrorCode("field.required");
}

internal sealed class AssignFollowUpHandler(ConsultationDb db, Execution execution, FollowUpAccess access) : IRequestHandler<AssignFollowUp, ChangedFollowUp>
{
    public async Task<ChangedFollowUp> Handle(AssignFollowUp request, CancellationToken cancellationToken)
    {
        var (followUp, found, occasion) = await access.ForChangeAsync(request.FollowUp, cancellationToken);
        if (followUp.ExpertId == request.Expert)
        {
            return ChangedFollowUp.Of(followUp, found);
        }

        if (request.Expert is { } expert && !found.Tracks.Any(t => t.ExpertId == expert && t.State is TrackState.Held or TrackState.Done))
        {
            throw new RuleViolation("follow_up.not_the_cases_expert");
        }

        var name = request.Expert is { } known ? await db.Set<Expert>().Where(e => e.Id == known).Select(e => e.Name).SingleAsync(cancellationToken) : null;
        followUp.PassTo(request.Expert);
        found.FollowedUp("follow_up_assigned", name is null ? $"{FollowUpWords.Of(followUp.Kind)}を窓口に戻す" : $"{FollowUpWords.Of(followUp.Kind)}を{name}さんに任せる", occasion);
        execution.Audit("follow_up.assigned", followUp.Id);
        return ChangedFollowUp.Of(followUp, found);
    }
}
