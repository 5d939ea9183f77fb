using Consultation.Cases;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>The new desk asks how it went.</summary>
internal sealed class WhenCaseHandedOver(ConsultationDb db) : INotificationHandler<CaseHandedOver>
{
    public async Task Handle(CaseHandedOver notification, CancellationToken cancellationToken)
    {
        var open = await db.Set<FollowUp>()
            .Where(f => f.CaseId == notification.Case && f.State != FollowUpState.Done && f.State != FollowUpState.Cancelled).ToListAsync(cancellationToken);
        open.ForEach(f => f.PassTo(notification.Desk));
    }
}
