using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using MediatR;

namespace Consultation.Routing.Board;

/// <summary>
/// Where the programme year says so (空きが出たら自動で打診), asks for the waiting tracks whoever has room, by the same plan a coordinator would apply, need by
/// need: the oldest first without exception (journey J13); the optimum would let two needs that one person can meet go before one that is older. Takes the waiting cases in their order, a plan's worth at a time, until one plan has somebody to ask.
/// </summary>
/// <returns>How many offers were made; nought where the setting is off or nobody has room.</returns>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record OfferWaiting : ICommand<int>
{
    /// <summary>As whom the job acts.</summary>
    public const string Job = "offer-waiting";
}

internal sealed class OfferWaitingHandler(Dispatcher dispatcher, Execution execution, ProgrammeBook programmes, WaitingNeeds waiting) : IRequestHandler<OfferWaiting, int>
{
    public async Task<int> Handle(OfferWaiting request, CancellationToken cancellationToken)
    {
        if (await programmes.FindAsync(FiscalYear.Of(execution.Now), cancellationToken) is not { OffersWhenFree: true })
        {
            return 0;
        }

        Case? last = null;
        while (true)
        {
            (var content, last) = await waiting.AllAsync(last, cancellationToken);
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
}
