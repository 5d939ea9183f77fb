using Consultation.Messaging;
using MediatR;

namespace Consultation.Visits;

/// <summary>The client says, by the link of a letter, that the date is known and stands. Once more is a no-op; after a move it is asked anew.</summary>
/// <param name="Seen">The sequence of the visit that the client was shown; not compared where null.</param>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
/// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>link.too_late</c>, <c>link.changed</c></exception>
[Requires(Permission.FollowLink)]
public sealed record ConfirmByLink(string? Secret, int? Seen = null) : ICommand<bool>;

internal sealed class ConfirmByLinkHandler(Execution execution, VisitLinkAccess links) : IRequestHandler<ConfirmByLink, bool>
{
    public async Task<bool> Handle(ConfirmByLink request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await links.ForChangeAsync(request.Secret, null, cancellationToken);
        VisitLinkAccess.DemandChangeable(visit, execution.Now);
        VisitLinkAccess.DemandSeen(visit, request.Seen);
        if (!visit.ConfirmByClient(execution.Now))
        {
            return false;
        }

        found.VisitChanged("visit_client_confirmed", $"{VisitWords.Of(visit)}を相談者が確認", occasion);
        execution.Audit("visit.client_confirmed", visit.Id);
        return true;
    }
}
