using Consultation.Visits;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>A visit was booked or fell through, or a report says whether another one is wanted or says so no more: the plan is suspended or goes on.</summary>
internal sealed class WhenAnotherVisitIsDecided(FollowUpPlan plan) :
    INotificationHandler<VisitBooked>, INotificationHandler<VisitCancelled>, INotificationHandler<ReportFiled>, INotificationHandler<ReportWithdrawn>
{
    public Task Handle(VisitBooked notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);

    public Task Handle(VisitCancelled notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);

    public Task Handle(ReportFiled notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);

    public Task Handle(ReportWithdrawn notification, CancellationToken cancellationToken) => plan.AgreeAsync(notification.Case, cancellationToken);
}
