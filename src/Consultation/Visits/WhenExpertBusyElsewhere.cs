using Consultation.Cases;
using Consultation.Experts;
using Consultation.Experts.Outside;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Visits that stand where an expert's own calendar says busy stay booked: each is told in its case's story and becomes a call of the case's
/// desk (journey J25). What the other appointment is nobody knows here. A visit is called about once for each time it has.
/// </summary>
internal sealed class WhenExpertBusyElsewhere(ConsultationDb db, Execution execution, CaseAccess cases, CallTasks calls) : INotificationHandler<ExpertBusyElsewhere>
{
    public async Task Handle(ExpertBusyElsewhere notification, CancellationToken cancellationToken)
    {
        var (now, expert) = (execution.Now.ToUniversalTime(), notification.Expert);
        var standing = db.Set<Visit>().AsNoTracking().Where(v => (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.EndsAt > now && v.Experts.Any(e => e.ExpertId == expert)
            && db.Set<ExpertElsewhere>().Any(b => b.ExpertId == expert && b.StartsAt < v.EndsAt && v.StartsAt < b.EndsAt));
        var locks = new RoundTrip(db);
        ExpiredHolds.LockCases(locks, await standing.Select(v => v.CaseId).ToListAsync(cancellationToken));
        await locks.GoAsync(cancellationToken);
        var visits = await standing.OrderBy(v => v.StartsAt).ThenBy(v => v.Id).ToListAsync(cancellationToken);
        var name = await db.Set<Expert>().Where(e => e.Id == expert).Select(e => e.Name).SingleAsync(cancellationToken);
        foreach (var visit in visits)
        {
            var found = await cases.ForConsequenceAsync(visit.CaseId, cancellationToken);
            var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
            var words = $"{name}さんの外部の予定が {VisitWords.Of(visit)} と重なります";
            await calls.OweAsync(
                found, $"expert-elsewhere/{expert}/{visit.Id}/{visit.StartsAt.ToUnixTimeSeconds()}", $"{words}。予約はそのままです。専門家に確かめ、必要なら日時を変えるか、別の専門家に替えてください。",
                $"{words}。予約はそのままで、窓口が対応します", occasion, cancellationToken);
            execution.Audit("visit.expert_elsewhere", visit.Id);
        }
    }
}
