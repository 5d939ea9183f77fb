using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>How long the cases without an expert have waited, in business days since their receipt (待ち日数).</summary>
[Requires(Permission.ViewCaseLoad)]
public sealed record ListWaitingAges : IQuery<WaitingAgesView>;

/// <param name="Average">Business days; null where nobody waits.</param>
public sealed record WaitingAgesView(IReadOnlyList<WaitingAgeLine> Lines, double? Average);

public sealed record WaitingAgeLine(WaitingAge Age, int Count);

internal sealed class ListWaitingAgesHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListWaitingAges, WaitingAgesView>
{
    public async Task<WaitingAgesView> Handle(ListWaitingAges request, CancellationToken cancellationToken)
    {
        var today = JapanTime.DateOf(execution.Now);
        var district = CaseLoadScope.DistrictOf(execution.Actor);
        // Counted by the instant's day in Japan, which has no summer time: the shift is one number.
        var days = await db.Set<Case>().Where(c => CaseNarrowing.WithoutExpert.Contains(c.Status) && (district == null || c.District == district))
            .GroupBy(c => c.ReceivedAt.AddHours(JapanTime.Offset.Hours).Date).Select(g => new { Day = g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        var counted = days.ConvertAll(d => (Day: DateOnly.FromDateTime(d.Day), d.Count));
        var all = counted.Sum(d => d.Count);
        return new(
            [.. Enum.GetValues<WaitingAge>().Select(age =>
            {
                var (first, last) = WaitingAges.ReceivedIn(age, today);
                // What was entered with a receipt of a later day counts as of today.
                return new WaitingAgeLine(age, counted.Where(d => (first is null || d.Day >= first) && (d.Day <= last || age == WaitingAge.UpToOne)).Sum(d => d.Count));
            })],
            all == 0 ? null : Math.Round(counted.Sum(d => (double)WaitingAges.Of(d.Day, today) * d.Count) / all, 1));
    }
}
