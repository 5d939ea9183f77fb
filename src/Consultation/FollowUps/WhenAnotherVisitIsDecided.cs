using Consultation.Visits;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>A visit was booked or fell through, or a report says whether another one is wanted: the plan is suspended or goes on.</summary>
internal sealed class WhenAnotherVisitIsDecided(FollowUpPlan plan) : INotificationHandler<VisitBooked>, INotificationHandler<VisitCancelled>, INotificationHandler<ReportFiled>
{
    public Task Handle(VisitBooked notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);

    public Task Handle(VisitCancelled notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);

    public Task Handle(ReportFiled notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);
}
