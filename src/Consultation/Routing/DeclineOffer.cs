using Consultation.Cases;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Routing;

/// <summary>
/// Declines an offer, with a reason; the case waits again with its age as it was and is not offered to this expert again (journey J15).
/// The desk may record it on the expert's behalf with the source.
/// </summary>
[Requires(Permission.AnswerOffer)]
public sealed record DeclineOffer(OfferId Offer, string? Reason, string? Source = null) : ICommand<OfferResult>;

internal sealed class DeclineOfferValidator : AbstractValidator<DeclineOffer>
{
    public DeclineOfferValidator()
    {
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Source).Storable();
    }
}

internal sealed class DeclineOfferHandler(Execution execution, OfferAccess access, OfferCalls calls) : IRequestHandler<DeclineOffer, OfferResult>
{
    public async Task<OfferResult> Handle(DeclineOffer request, CancellationToken cancellationToken)
    {
        var (offer, found, name, occasion) = await access.ForAnswerAsync(request.Offer, request.Source, cancellationToken);
        if (offer.State != OfferState.Declined)
        {
            offer.Decline(request.Reason!, request.Source, execution.Actor, execution.Now);
            found.OfferEnded(offer.Track, "declined", $"{name}が辞退{(request.Source is null ? "" : $"（{request.Source}）")}: {request.Reason}", occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            execution.Audit("offer.declined", offer.Id);
        }

        return OfferResult.Of(offer, found, name);
    }
}
