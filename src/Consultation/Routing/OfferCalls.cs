using Consultation.Cases;

namespace Consultation.Routing;

/// <summary>The calls in which a desk asks an expert who cannot be mailed: owed only while the question is open.</summary>
public sealed class OfferCalls(CallTasks calls)
{
    internal Task EndAsync(Offer offer, Case found, Occasion occasion, CancellationToken cancellationToken) => calls.EndAsync(
        found, key => key.StartsWith(offer.CallKey, StringComparison.Ordinal), offer.State is OfferState.Accepted or OfferState.Declined, occasion, cancellationToken);
}
