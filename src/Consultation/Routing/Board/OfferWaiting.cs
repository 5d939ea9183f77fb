using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>
/// Where the programme year says so (空きが出たら自動で打診), asks for the waiting tracks whoever has room, by the same plan a coordinator would apply, need by
/// need: the oldest first without exception (journey J13); the optimum would let two needs that one person can meet go before one that is older. Takes the waiting cases in their order, a plan's worth at a time, until one plan has somebody to ask.
/// A case is worked at while its own desk is open. What somebody took back on the board waits for people until the next business day is over.
/// </summary>
/// <returns>How many offers were made; nought where the setting is off or nobody has room.</returns>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record OfferWaiting : ICommand<int>
{
    /// <summary>As whom the job acts.</summary>
    public const string Job = "offer-waiting";
}

internal sealed class OfferWaitingHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution, DeskBook desks, ProgrammeBook programmes, WaitingNeeds waiting) : IRequestHandler<OfferWaiting, int>
{
    public async Task<int> Handle(OfferWaiting request, CancellationToken cancellationToken)
    {
        if (await programmes.FindAsync(FiscalYear.Of(execution.Now), cancellationToken) is not { OffersWhenFree: true })
        {
            return 0;
        }

        var open = (await desks.ReadAsync(cancellationToken)).OpenAt(execution.Now).Select(d => d.Id).ToList();
        var takenBack = await TakenBackAsync(cancellationToken);
        Case? last = null;
        while (true)
        {
            (var content, last) = await waiting.AllAsync(last, cancellationToken, takenBack, open);
            if (content.Greedy.Assigned > 0)
            {
                var plan = await dispatcher.Send(new KeepPlan(content), execution.Actor, cancellationToken);
                await dispatcher.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Greedy), execution.Actor, cancellationToken);
                return content.Greedy.Assigned;
            }

            if (content.More == 0)
            {
                return 0;
            }
        }
    }

    /// <summary>Cases with an offer that a person undid since the last business day before today began.</summary>
    private async Task<List<CaseId>> TakenBackAsync(CancellationToken cancellationToken)
    {
        var day = JapanTime.DateOf(execution.Now).AddDays(-1);
        var national = await desks.NationalAsync(cancellationToken);
        while (!national.IsBusinessDay(day))
        {
            day = day.AddDays(-1);
        }

        var since = JapanTime.At(day, TimeOnly.MinValue).ToUniversalTime();
        return await (
            from p in db.Set<BoardPlan>()
            where p.State == BoardPlanState.Undone && p.UndoneAt >= since
            from made in p.Offers
            join o in db.Set<Offer>() on made.OfferId equals o.Id
            where o.State == OfferState.Withdrawn
            select o.CaseId).Distinct().ToListAsync(cancellationToken);
    }
}
