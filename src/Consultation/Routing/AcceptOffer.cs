using Consultation.Cases;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Routing;

/// <summary>
/// Accepts an offer: by the expert, or by the desk on the expert's behalf with the source (電話で受諾). Accepting once more is a repeat;
/// an offer that has ended otherwise stays ended. The other ministry's track is not touched (journey J16).
/// </summary>
[Requires(Permission.AnswerOffer)]
public sealed record AcceptOffer(OfferId Offer, string? Source = null) : ICommand<OfferResult>;

internal sealed class AcceptOfferValidator : AbstractValidator<AcceptOffer>
{
    public AcceptOfferValidator() => RuleFor(r => r.Source).Storable();
}

internal sealed class AcceptOfferHandler(Execution execution, OfferAccess access, OfferCalls calls) : IRequestHandler<AcceptOffer, OfferResult>
{
    public async Task<OfferResult> Handle(AcceptOffer request, CancellationToken cancellationToken)
    {
        var (offer, found, name, occasion) = await access.ForAnswerAsync(request.Offer, request.Source, cancellationToken);
        if (offer.State != OfferState.Accepted)
        {
            offer.Accept(request.Source, execution.Actor, execution.Now);
            found.Accept(offer.Track, name, request.Source, occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            execution.Audit("offer.accepted", offer.Id);
        }

        return OfferResult.Of(offer, found, name);
    }
}
