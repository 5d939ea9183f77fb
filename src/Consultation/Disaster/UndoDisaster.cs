using Consultation.Messaging;
using MediatR;

namespace Consultation.Disaster;

/// <summary>
/// Gives every switched case its former visits back, where their time is still free and nobody decided otherwise since; each in a transaction of
/// its own. What cannot be given back stands in the plan with its reason and may be tried again.
/// </summary>
/// <exception cref="NotFound">No such plan among those the actor may see.</exception>
[Requires(Permission.DeclareDisaster), OutsideTransaction]
public sealed record UndoDisaster(DisasterPlanId Plan) : ICommand<DisasterResult>;

internal sealed class UndoDisasterHandler(Dispatcher dispatcher, Execution execution, DisasterAccess access) : IRequestHandler<UndoDisaster, DisasterResult>
{
    public async Task<DisasterResult> Handle(UndoDisaster request, CancellationToken cancellationToken)
    {
        await dispatcher.Send(new StopDisaster(request.Plan), execution.Actor, cancellationToken);
        var plan = await access.ReadAsync(request.Plan, cancellationToken);
        return await DisasterSteps.RunAsync(
            plan.ToUndo, item => dispatcher.Send(new GiveBackCase(request.Plan, item), execution.Actor, cancellationToken),
            (item, why) => dispatcher.Send(new KeepRefusal(request.Plan, item, why), execution.Actor, cancellationToken));
    }
}
