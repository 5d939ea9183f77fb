using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>Whoever loses a slot to the constraint, or to contention without end, hears of the next free ones too (journey J17).</summary>
internal sealed class WhenSlotLost(ConsultationDb db, Execution execution, DeskBook desks, ExpertDiary diary) : INotificationHandler<CompetitionLost>
{
    public async Task Handle(CompetitionLost notification, CancellationToken cancellationToken)
    {
        notification.Refusal.Extra["nextSlots"] = notification.Request switch
        {
            BookVisit booking => await NextAsync(booking, cancellationToken),
            RescheduleVisit moving => await NextAsync(moving.Visit, moving.Start!.Value, moving.End, moving.Mode, cancellationToken),
            PutOffVisit { Start: { } start } later => await NextAsync(later.Visit, start, null, null, cancellationToken),
            _ => [],
        };
    }

    private async Task<IReadOnlyList<FreeSlot>> NextAsync(BookVisit booking, CancellationToken cancellationToken)
    {
        var seen = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Id == booking.Case)
            .Select(c => new { c.Prefecture, Tracks = c.Tracks.Select(t => new HeldTrack(t.Track, t.State, t.ExpertId)).ToList() }).FirstOrDefaultAsync(cancellationToken);
        return seen is null ? [] : await FreeAsync(
            [.. HeldTrack.Choose(seen.Tracks, booking.Tracks).Values.Distinct()], seen.Prefecture, booking.Start!.Value, booking.End!.Value, booking.Mode!.Value, [], [], cancellationToken);
    }

    /// <param name="end">As long as before where null; likewise <paramref name="mode"/>.</param>
    private async Task<IReadOnlyList<FreeSlot>> NextAsync(VisitId id, DateTimeOffset start, DateTimeOffset? end, VisitMode? mode, CancellationToken cancellationToken)
    {
        var visit = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts).Where(VisitAccess.Visible(db, execution.Actor)).FirstOrDefaultAsync(v => v.Id == id, cancellationToken);
        if (visit is null)
        {
            return [];
        }

        var prefecture = await db.Set<Case>().Where(c => c.Id == visit.CaseId).Select(c => c.Prefecture).SingleAsync(cancellationToken);
        return await FreeAsync(visit.ExpertIds, prefecture, start, end ?? start + (visit.EndsAt - visit.StartsAt), mode ?? visit.Mode, [Ref.To(visit.Id)],
            await diary.OnTheRoadAsync(Ref.To(visit.Id), cancellationToken), cancellationToken);
    }

    private async Task<IReadOnlyList<FreeSlot>> FreeAsync(
        IReadOnlyCollection<ExpertId> experts, string? prefecture, DateTimeOffset start, DateTimeOffset end, VisitMode mode, HashSet<Ref> except, IReadOnlyList<OnTheRoad> road,
        CancellationToken cancellationToken) =>
        await BookableTime.NextAsync(db, await desks.NationalAsync(cancellationToken), experts, prefecture, new(JapanTime.ToJapan(start), JapanTime.ToJapan(end), mode, null), execution.Now, except, road, cancellationToken);
}
