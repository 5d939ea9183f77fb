using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;

namespace Consultation.Routing;

/// <summary>
/// Takes a track from its expert, asked or holding, and offers it to another; for supervisors, with a reason, which also overrules an
/// exclusion of the new expert. The same expert again is a repeat.
/// </summary>
[Requires(Permission.ReassignCase)]
public sealed record ReassignTrack(CaseId Case, Track? Track, ExpertId? Expert, string? Reason) : ICommand<OfferResult>;

internal sealed class ReassignTrackValidator : AbstractValidator<ReassignTrack>
{
    public ReassignTrackValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Expert).NotNull().WithErrorCode("field.required").OverridePropertyName("expertId");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class ReassignTrackHandler(ConsultationDb db, Execution execution, CaseAccess access, Offering offering, OfferCalls calls, IMediator mediator) : IRequestHandler<ReassignTrack, OfferResult>
{
    public async Task<OfferResult> Handle(ReassignTrack request, CancellationToken cancellationToken)
    {
        await mediator.Publish(new CaseLocking(request.Case), cancellationToken);
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var track = request.Track!.Value;
        found.Demand(CaseAction.Reassign);
        if (found.TrackOf(track) is not { State: TrackState.Offered or TrackState.Held, OfferId: { } standing, ExpertId: { } holder } taken)
        {
            throw new RuleViolation("track.not_held");
        }

        var (offer, name) = await OfferAccess.WithNameAsync(db, standing, cancellationToken);
        if (holder == request.Expert)
        {
            return OfferResult.Of(offer, found, name);
        }

        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var held = taken.State == TrackState.Held;
        found.TakeBack(track, request.Reason!, occasion);
        execution.Audit("track.taken_back", found.Id, track.ToString());
        if (held)
        {
            offer.Withdraw(request.Reason!, execution.Actor, execution.Now);
            // Told now and not as a wave after the handler: what falls through changes the case, and the answer carries its version.
            await mediator.Publish(new TrackTakenBack(found.Id, track, holder), cancellationToken);
        }
        else
        {
            await offering.TakeBackAsync(found, offer, name, request.Reason!, occasion, cancellationToken);
        }

        await calls.EndAsync(offer, found, occasion, cancellationToken);
        return await offering.MakeAsync(found, track, request.Expert, request.Reason, occasion, cancellationToken);
    }
}
