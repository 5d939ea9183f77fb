using Consultation.Visits;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>A visit took place: the plan is made, or its open dates move to the new anchor.</summary>
internal sealed class WhenVisitTookPlace(FollowUpPlan plan) : INotificationHandler<VisitTookPlace>
{
    public Task Handle(VisitTookPlace notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);
}
