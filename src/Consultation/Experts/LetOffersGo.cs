using Consultation.Messaging;
using MediatR;

namespace Consultation.Experts;

/// <summary>The supervisor lifts what <see cref="StopOffers"/> did; lifting it twice changes nothing.</summary>
[Requires(Permission.ReassignCase)]
public sealed record LetOffersGo(ExpertId Expert) : ICommand<OffersToExpert>;

internal sealed class LetOffersGoHandler(Execution execution, ExpertAccess access) : IRequestHandler<LetOffersGo, OffersToExpert>
{
    public async Task<OffersToExpert> Handle(LetOffersGo request, CancellationToken cancellationToken)
    {
        var expert = await access.ForAvailabilityAsync(request.Expert, cancellationToken);
        if (expert.OffersStoppedAt is not null)
        {
            expert.LetOffersGo();
            execution.Audit("expert.offers_let_go", expert.Id);
        }

        return OffersToExpert.Of(expert);
    }
}
