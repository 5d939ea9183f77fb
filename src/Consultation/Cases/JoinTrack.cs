using Consultation.Messaging;
using Consultation.Topics;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>Starts the second ministry of a case whose lead began alone, when the desk or the lead's own expert asks (design §2).</summary>
[Requires(Permission.JoinTrack)]
public sealed record JoinTrack(CaseId Case, Track? Track) : ICommand<ChangedCase>;

internal sealed class JoinTrackValidator : AbstractValidator<JoinTrack>
{
    public JoinTrackValidator() => RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
}

internal sealed class JoinTrackHandler(Execution execution, CaseAccess access) : IRequestHandler<JoinTrack, ChangedCase>
{
    public async Task<ChangedCase> Handle(JoinTrack request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var track = request.Track!.Value;
        if (execution.Actor.Role == Role.Expert && !found.IsLedBy(execution.Actor.Expert))
        {
            throw new Forbidden("track.not_lead");
        }

        found.JoinTrack(track, await access.OccasionAsync(found.DeskId, cancellationToken));
        execution.Audit("case.joined", found.Id, track.ToString());
        return ChangedCase.Of(found);
    }
}
