using Consultation.Messaging;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>Whether an expert may be asked, for the supervisor who decides about it.</summary>
[Requires(Permission.ReassignCase)]
public sealed record FindOffersToExpert(ExpertId Expert) : IQuery<OffersToExpert>;

internal sealed class FindOffersToExpertHandler(ExpertAccess access) : IRequestHandler<FindOffersToExpert, OffersToExpert>
{
    public async Task<OffersToExpert> Handle(FindOffersToExpert request, CancellationToken cancellationToken) =>
        OffersToExpert.Of(await access.Visible().FirstOrDefaultAsync(e => e.Id == request.Expert, cancellationToken) ?? throw new NotFound());
}
