using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>The client moves the visit by the link of a letter to another free time of the same length; mode and place stay.</summary>
/// <param name="Seen">The sequence of the visit that the client was shown; not compared where null.</param>
/// <exception cref="NotFound"><c>link.unknown</c></exception>
/// <exception cref="RuleViolation"><c>visit.not_open</c>, <c>link.too_late</c>, <c>link.too_soon</c>, <c>link.changed</c>, and what forbids a booking.</exception>
[Requires(Permission.FollowLink)]
public sealed record MoveByLink(string? Secret, DateTimeOffset? Start, int? Seen = null) : ICommand<bool>, ICompetes
{
    string? ICompetes.LostCode => "visit.taken";
}

internal sealed class MoveByLinkValidator : AbstractValidator<MoveByLink>
{
    public MoveByLinkValidator()
    {
        RuleFor(r => r.Start).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Start).PossibleInstant();
        RuleFor(r => r.Start).Must(s => s is null || s.Value.UtcTicks % TimeSpan.TicksPerMinute == 0).WithErrorCode("visit.not_to_the_minute");
    }
}

internal sealed class MoveByLinkHandler(Execution execution, VisitLinkAccess links, VisitMoving moving) : IRequestHandler<MoveByLink, bool>
{
    public async Task<bool> Handle(MoveByLink request, CancellationToken cancellationToken)
    {
        var start = request.Start!.Value;
        var hand = await links.ForChangeAsync(request.Secret, FiscalYear.Of(start).Year, cancellationToken);
        var visit = hand.Visit;
        VisitLinkAccess.DemandChangeable(visit, execution.Now);
        if (start == visit.StartsAt)
        {
            return false;
        }

        VisitLinkAccess.DemandSeen(visit, request.Seen);
        if (start < ListSlotsByLinkHandler.Earliest(execution.Now))
        {
            throw new RuleViolation("link.too_soon");
        }

        var plan = PlanRules.Checked(start, start + (visit.EndsAt - visit.StartsAt), visit.Mode, visit.Place, execution.Now);
        await moving.MoveAsync(hand, plan, "相談者がメールのリンクから変更", cancellationToken);
        // Who has just chosen the date knows it.
        visit.ConfirmByClient(execution.Now);
        execution.Audit("visit.moved_by_link", visit.Id);
        return true;
    }
}
