using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The expert's calendar can be read from outside no more. Once more is a no-op.</summary>
/// <exception cref="NotFound">No such expert, or another's.</exception>
[Requires(Permission.KeepAvailability)]
public sealed record RevokeFeed(ExpertId Expert) : ICommand<bool>;

internal sealed class RevokeFeedHandler(ConsultationDb db, Execution execution, ExpertAccess experts) : IRequestHandler<RevokeFeed, bool>
{
    public async Task<bool> Handle(RevokeFeed request, CancellationToken cancellationToken)
    {
        await experts.ForAvailabilityAsync(request.Expert, cancellationToken);
        if (await db.Set<CalendarFeed>().FirstOrDefaultAsync(f => f.ExpertId == request.Expert, cancellationToken) is not { } feed)
        {
            return false;
        }

        db.Remove(feed);
        execution.Audit("expert.feed_revoked", request.Expert);
        return true;
    }
}
