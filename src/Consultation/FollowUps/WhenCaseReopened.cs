using Consultation.Cases;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>What ended only because the case was closed is planned again.</summary>
internal sealed class WhenCaseReopened(FollowUpPlan plan) : INotificationHandler<CaseReopened>
{
    public Task Handle(CaseReopened notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);
}
