using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing;

/// <summary>
/// How many open cases each expert has in hand, asked or holding; what the capacity is measured by. Both ministries of one case are one.
/// Experts without any are left out.
/// </summary>
[Requires(Permission.ManageExperts)]
public sealed record CountOpenCases : IQuery<IReadOnlyDictionary<ExpertId, int>>;

internal sealed class CountOpenCasesHandler(ConsultationDb db) : IRequestHandler<CountOpenCases, IReadOnlyDictionary<ExpertId, int>>
{
    public async Task<IReadOnlyDictionary<ExpertId, int>> Handle(CountOpenCases request, CancellationToken cancellationToken) =>
        await (
            from t in db.Set<CaseTrack>()
            join c in db.Set<Case>() on t.CaseId equals c.Id
            where t.ExpertId != null && (t.State == TrackState.Offered || t.State == TrackState.Held) && c.Status != CaseStatus.Closed
            group t.CaseId by t.ExpertId into held
            select new { Expert = held.Key!.Value, Count = held.Distinct().Count() }).ToDictionaryAsync(r => r.Expert, r => r.Count, cancellationToken);
}
