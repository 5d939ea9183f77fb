using Consultation.Cases;
using MediatR;

namespace Consultation.Visits;

/// <summary>Who waits for a time does not keep a case open; with the case the wish ends.</summary>
internal sealed class WhenCaseClosingEndWish(CaseAccess cases, SlotWishes wishes) : INotificationHandler<CaseClosing>
{
    public async Task Handle(CaseClosing notification, CancellationToken cancellationToken)
    {
        if (await wishes.OpenOfAsync(notification.Case, cancellationToken) is { } wish)
        {
            var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
            await wishes.EndAsync(wish, found, "案件の完了", await cases.OccasionAsync(found.DeskId, cancellationToken), cancellationToken);
        }
    }
}
