using Consultation.Cases;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>
/// A visit took place: the plan is made, or its open dates move to the new anchor; and its survey is planned for the business day after it was recorded.
/// </summary>
internal sealed class WhenVisitTookPlace(FollowUpPlan plan, ConsultationDb db, CaseAccess cases) : INotificationHandler<VisitTookPlace>
{
    public async Task Handle(VisitTookPlace notification, CancellationToken cancellationToken)
    {
        await plan.AgreeAsync(notification.Case, cancellationToken);
        if (await db.Set<Survey>().AnyAsync(s => s.VisitId == notification.Visit, cancellationToken))
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        db.Add(new Survey(notification.Visit, found.Id, notification.On, occasion.Calendar.AddBusinessDays(occasion.Today, 1).Due));
    }
}
