using Consultation.Cases;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// The client gives the visit up by the link of a letter, under the rules of every cancellation by a client; the desk gets a call to make about
/// what is to follow. Once more is a no-op.
/// </summary>
/// <param name="Seen">The sequence of the visit that the client was shown; not compared where null.</param>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
/// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>link.too_late</c>, <c>link.changed</c></exception>
[Requires(Permission.FollowLink)]
public sealed record CancelByLink(string? Secret, string? Reason, int? Seen = null) : ICommand<bool>;

internal sealed class CancelByLinkValidator : AbstractValidator<CancelByLink>
{
    public CancelByLinkValidator() => RuleFor(r => r.Reason).Storable();
}

internal sealed class CancelByLinkHandler(Execution execution, VisitLinkAccess links, VisitCancellation cancellation, CallTasks calls) : IRequestHandler<CancelByLink, bool>
{
    private const string Unsaid = "理由の記入なし";

    public async Task<bool> Handle(CancelByLink request, CancellationToken cancellationToken)
    {
        var hand = await links.ForChangeAsync(request.Secret, null, cancellationToken);
        var (visit, found, occasion) = hand;
        if (visit.State == VisitState.Cancelled)
        {
            return false;
        }

        VisitLinkAccess.DemandChangeable(visit, execution.Now);
        VisitLinkAccess.DemandSeen(visit, request.Seen);
        var reason = string.IsNullOrWhiteSpace(request.Reason) ? Unsaid : request.Reason.Trim();
        var words = VisitWords.Of(visit);
        await cancellation.CancelAsync(hand, CancelledBy.Client, reason, cancellationToken);
        await calls.OweAsync(
            found, $"client-cancelled/{visit.Id}", $"{words}を、相談者がメールのリンクから取り消しました（{reason}）。今後のご希望をうかがってください。", "相談者がメールのリンクから取消し。窓口がご希望をうかがいます", occasion, cancellationToken);
        execution.Audit("visit.cancelled_by_link", visit.Id);
        return true;
    }
}
