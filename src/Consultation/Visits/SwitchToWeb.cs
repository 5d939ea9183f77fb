using Consultation.Experts;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// A visit is held as a web meeting at the same time, as just agreed on the telephone (journey J58). Its travel is free at once; it takes no
/// time that was not its own, so that no rule of booking is asked again. Of a web meeting it keeps what was said and the new address.
/// </summary>
/// <param name="Place">The address of the meeting; it may follow later.</param>
/// <param name="Reached">Whether the client answered the call.</param>
/// <param name="Said">What else was said.</param>
[Requires(Permission.BookVisit)]
public sealed record SwitchToWeb(VisitId Visit, bool? Reached, string? Place = null, string? Said = null) : ICommand<ChangedVisit>;

internal sealed class SwitchToWebValidator : AbstractValidator<SwitchToWeb>
{
    public SwitchToWebValidator()
    {
        RuleFor(r => r.Place).Storable();
        this.Call(r => r.Reached, r => r.Said);
    }
}

internal sealed class SwitchToWebHandler(Execution execution, VisitAccess visits, VisitMoving moving, VisitQuota quota, VisitLetters letters, ShortNotice notice)
    : IRequestHandler<SwitchToWeb, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(SwitchToWeb request, CancellationToken cancellationToken)
    {
        var hand = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var (visit, found, occasion) = hand;
        visit.DemandToday(execution.Now);
        var (before, given) = (VisitWords.Of(visit), visit.Plan);
        var wasWeb = given.Mode == VisitMode.Web;
        var place = string.IsNullOrWhiteSpace(request.Place) ? wasWeb ? given.Place : null : request.Place.Trim();
        if (!wasWeb || place != given.Place)
        {
            await moving.ToWebAsync(hand, place, null, cancellationToken);
            if (visit.State == VisitState.Confirmed)
            {
                await letters.MovedAsync(visit, found, given, occasion, cancellationToken);
            }
        }

        await notice.RecordAsync(
            hand, request.Reached!.Value, request.Said, wasWeb ? $"{before}はWeb会議で行います。" : $"{before}を同じ時間のWeb会議に変えます。", visit.Place is null ? "会議の接続先を確かめ、相談者に伝えてください。" : "つながるかを確かめてください。", cancellationToken);
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }
}
