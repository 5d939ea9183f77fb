using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// An expert who had accepted gives the track back, with a reason; the desk may record it with the source. The track waits again, what was
/// booked for it falls through for everybody who would have come (journey J19), and this expert is not asked again for this case.
/// </summary>
[Requires(Permission.AnswerOffer)]
public sealed record HandBackTrack(OfferId Offer, string? Reason, string? Source = null) : ICommand<OfferResult>;

internal sealed class HandBackTrackValidator : AbstractValidator<HandBackTrack>
{
    public HandBackTrackValidator()
    {
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Source).Storable();
    }
}

internal sealed class HandBackTrackHandler(ConsultationDb db, Execution execution, OfferAccess access, OfferCalls calls, IMediator mediator) : IRequestHandler<HandBackTrack, OfferResult>
{
    public async Task<OfferResult> Handle(HandBackTrack request, CancellationToken cancellationToken)
    {
        if (await db.Set<Offer>().AsNoTracking().Where(o => o.Id == request.Offer).Select(o => (CaseId?)o.CaseId).FirstOrDefaultAsync(cancellationToken) is { } asked)
        {
            await mediator.Publish(new CaseLocking(asked), cancellationToken);
        }

        var (offer, found, name, occasion) = await access.ForAnswerAsync(request.Offer, request.Source, cancellationToken);
        if (offer.State != OfferState.Declined)
        {
            offer.HandBack(request.Reason!, request.Source, execution.Actor, execution.Now);
            found.HandBack(offer.Track, name, request.Reason!, request.Source, occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            execution.Audit("track.handed_back", found.Id, offer.Track.ToString());
            // Told now and not as a wave after the handler: what falls through changes the case, and the answer carries its version.
            await mediator.Publish(new TrackTakenBack(found.Id, offer.Track, offer.ExpertId, ByExpert: true), cancellationToken);
        }

        return OfferResult.Of(offer, found, name);
    }
}
