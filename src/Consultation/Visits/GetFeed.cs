using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Whether the expert's calendar can be subscribed to, and since when; its address is known to nobody but who was told it.</summary>
/// <exception cref="NotFound">No such expert among those the actor may keep.</exception>
[Requires(Permission.KeepAvailability)]
public sealed record GetFeed(ExpertId Expert) : IQuery<FeedView>;

/// <param name="IssuedAt">Null where there is none.</param>
public sealed record FeedView(ExpertId Expert, string Name, DateTimeOffset? IssuedAt, string? IssuedBy);

internal sealed class GetFeedHandler(ConsultationDb db, ExpertAccess experts) : IRequestHandler<GetFeed, FeedView>
{
    public async Task<FeedView> Handle(GetFeed request, CancellationToken cancellationToken)
    {
        var name = await experts.Visible().Where(e => e.Id == request.Expert).Select(e => e.Name).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var feed = await db.Set<CalendarFeed>().AsNoTracking().FirstOrDefaultAsync(f => f.ExpertId == request.Expert, cancellationToken);
        return new(request.Expert, name, feed?.IssuedAt, feed?.IssuedBy);
    }
}
