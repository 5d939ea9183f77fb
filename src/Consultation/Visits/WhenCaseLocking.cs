using Consultation.Cases;
using Consultation.Experts;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The diaries and the quota of a case's open visits are locked before the case, as by every booking; what is booked in between makes the act begin again.</summary>
internal sealed class WhenCaseLocking(ConsultationDb db, VisitQuota quota) : INotificationHandler<CaseLocking>
{
    public async Task Handle(CaseLocking notification, CancellationToken cancellationToken)
    {
        var open = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts)
            .Where(v => v.CaseId == notification.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).ToListAsync(cancellationToken);
        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, open.SelectMany(v => v.ExpertIds));
        await quota.LockAsync(locks, open.Where(v => v.ConsumesQuota).Select(QuotaKey.Of), cancellationToken);
        await locks.GoAsync(cancellationToken);
    }
}
