using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Visits that stand in an absence stay booked: each is told in its case's story and becomes a call of the case's desk, which moves it or finds
/// somebody else (journeys J14, J25). The reason of the absence is not told; it may be an illness.
/// </summary>
internal sealed class WhenExpertAbsent(ConsultationDb db, Execution execution, CaseAccess cases, CallTasks calls) : INotificationHandler<ExpertAbsent>
{
    public async Task Handle(ExpertAbsent notification, CancellationToken cancellationToken)
    {
        var (from, to) = (notification.From.ToUniversalTime(), notification.To.ToUniversalTime());
        var standing = db.Set<Visit>().AsNoTracking()
            .Where(v => (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt < to && from < v.EndsAt && v.Experts.Any(e => e.ExpertId == notification.Expert));
        var locks = new RoundTrip(db);
        ExpiredHolds.LockCases(locks, await standing.Select(v => v.CaseId).ToListAsync(cancellationToken));
        await locks.GoAsync(cancellationToken);
        var visits = await standing.OrderBy(v => v.StartsAt).ThenBy(v => v.Id).ToListAsync(cancellationToken);
        var name = await db.Set<Expert>().Where(e => e.Id == notification.Expert).Select(e => e.Name).SingleAsync(cancellationToken);
        foreach (var visit in visits)
        {
            var found = await cases.ForConsequenceAsync(visit.CaseId, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
            var words = $"{name}さんの不在（{JapaneseDate.ShortTime(notification.From)}〜{JapaneseDate.ShortTime(notification.To)}）が {VisitWords.Of(visit)} と重なります";
            await calls.OweAsync(
                found, $"expert-absent/{notification.Absence}/{visit.Id}", $"{words}。予約はそのままです。相談者に電話し、日時を変えるか、別の専門家に替えてください。", $"{words}。予約はそのままで、窓口が対応します",
                occasion, cancellationToken);
            execution.Audit("visit.expert_absent", visit.Id);
        }
    }
}
