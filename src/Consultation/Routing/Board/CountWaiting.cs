using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>How many cases the board could take now, counted up to one more than a plan holds.</summary>
[Requires(Permission.OfferCase)]
public sealed record CountWaiting : IQuery<int>;

internal sealed class CountWaitingHandler(ConsultationDb db, Execution execution) : IRequestHandler<CountWaiting, int>
{
    public Task<int> Handle(CountWaiting request, CancellationToken cancellationToken) =>
        WaitingNeeds.In(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor))).Take(WaitingNeeds.Most + 1).CountAsync(cancellationToken);
}
