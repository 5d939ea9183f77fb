using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>A new secret address for an expert's calendar; the former one leads nowhere at once. The secret is told this once.</summary>
/// <exception cref="NotFound">No such expert, or another's.</exception>
[Requires(Permission.KeepAvailability)]
public sealed record RenewFeed(ExpertId Expert) : ICommand<string>;

internal sealed class RenewFeedHandler(ConsultationDb db, Execution execution, ExpertAccess experts) : IRequestHandler<RenewFeed, string>
{
    public async Task<string> Handle(RenewFeed request, CancellationToken cancellationToken)
    {
        // Locked, so that of two who renew at once the later one's address holds.
        await experts.ForAvailabilityAsync(request.Expert, cancellationToken);
        var feed = await db.Set<CalendarFeed>().FirstOrDefaultAsync(f => f.ExpertId == request.Expert, cancellationToken);
        if (feed is null)
        {
            feed = new(request.Expert);
            db.Add(feed);
        }

        var secret = SecretText.New();
        feed.Renew(secret, execution.Actor, execution.Now);
        execution.Audit("expert.feed_issued", request.Expert);
        return secret;
    }
}
