using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The next free times to which the client may move the visit of a link: from tomorrow on, a few a day, so that several days are to choose from.</summary>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
/// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>link.too_late</c></exception>
[Requires(Permission.FollowLink)]
public sealed record ListSlotsByLink(string? Secret) : IQuery<IReadOnlyList<FreeSlot>>;

internal sealed class ListSlotsByLinkHandler(ConsultationDb db, Execution execution, DeskBook desks, ExpertDiary diary, VisitLinks links) : IRequestHandler<ListSlotsByLink, IReadOnlyList<FreeSlot>>
{
    private const int Most = 15;
    private const int MostADay = 3;
    private static readonly TimeSpan Window = TimeSpan.FromDays(28);

    /// <summary>What is changed for the same day is agreed on the telephone.</summary>
    public static DateTimeOffset Earliest(DateTimeOffset now) => JapanTime.At(JapanTime.DateOf(now).AddDays(1), TimeOnly.MinValue);

    public async Task<IReadOnlyList<FreeSlot>> Handle(ListSlotsByLink request, CancellationToken cancellationToken)
    {
        var (visit, found) = await links.FindAsync(request.Secret, cancellationToken);
        VisitLinkAccess.DemandChangeable(visit, execution.Now);
        var from = Earliest(execution.Now);
        var to = from + Window;
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, visit.ExpertIds, found.Prefecture, from, to, new HashSet<Ref> { Ref.To(visit.Id) }, cancellationToken);
        time.Road = await diary.OnTheRoadAsync(Ref.To(visit.Id), cancellationToken);
        var others = await db.Set<Visit>().AsNoTracking()
            .Where(v => v.CaseId == found.Id && v.Id != visit.Id && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).Select(v => new { v.StartsAt, v.EndsAt }).ToListAsync(cancellationToken);
        return [.. time.Free(from, to, visit.EndsAt - visit.StartsAt, visit.Mode, execution.Now)
            .Where(s => s.Start != visit.StartsAt && !others.Any(v => v.StartsAt < s.End && s.Start < v.EndsAt))
            .GroupBy(s => JapanTime.DateOf(s.Start)).SelectMany(Spread).Take(Most)];
    }

    /// <summary>The first of the day, and others over the day.</summary>
    private static IEnumerable<FreeSlot> Spread(IEnumerable<FreeSlot> day)
    {
        var slots = day.ToList();
        return slots.Count <= MostADay ? slots : Enumerable.Range(0, MostADay).Select(at => slots[at * (slots.Count - 1) / (MostADay - 1)]);
    }
}
