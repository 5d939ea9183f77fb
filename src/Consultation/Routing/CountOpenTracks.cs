using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>How many tracks each expert has in hand, asked or holding; what the capacity is measured by. Experts without any are left out.</summary>
[Requires(Permission.ManageExperts)]
public sealed record CountOpenTracks : IQuery<IReadOnlyDictionary<ExpertId, int>>;

internal sealed class CountOpenTracksHandler(ConsultationDb db) : IRequestHandler<CountOpenTracks, IReadOnlyDictionary<ExpertId, int>>
{
    public async Task<IReadOnlyDictionary<ExpertId, int>> Handle(CountOpenTracks request, CancellationToken cancellationToken) =>
        await (
            from t in db.Set<CaseTrack>()
            join c in db.Set<Case>() on t.CaseId equals c.Id
            where t.ExpertId != null && (t.State == TrackState.Offered || t.State == TrackState.Held) && c.Status != CaseStatus.Closed
            group t by t.ExpertId into held
            select new { Expert = held.Key!.Value, Count = held.Count() }).ToDictionaryAsync(r => r.Expert, r => r.Count, cancellationToken);
}
