using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using MediatR;

namespace Consultation.Visits;

/// <summary>Turns a hold (仮押さえ) into a date (確定). Confirming what is confirmed is a no-op.</summary>
[Requires(Permission.BookVisit)]
public sealed record ConfirmVisit(VisitId Visit) : ICommand<ChangedVisit>;

internal sealed class ConfirmVisitHandler(Execution execution, VisitAccess visits, ExpertDiary diary, VisitQuota quota, VisitLetters letters) : IRequestHandler<ConfirmVisit, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(ConfirmVisit request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await visits.ForChangeAsync(request.Visit, cancellationToken);
        if (visit.Confirm(execution.Now))
        {
            foreach (var entry in await diary.OfVisitAsync(Ref.To(visit.Id), cancellationToken))
            {
                entry.Confirm();
            }

            found.VisitChanged("visit_confirmed", $"{VisitWords.Of(visit)}を確定", occasion);
            await letters.ConfirmedAsync(visit, found, occasion, cancellationToken);
            execution.Audit("visit.confirmed", visit.Id);
        }

        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }
}
