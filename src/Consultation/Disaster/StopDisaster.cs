using Consultation.Messaging;
using MediatR;

namespace Consultation.Disaster;

/// <summary>Marks a plan as undone, so that nobody applies what is left of it. Once more is a no-op.</summary>
[Requires(Permission.DeclareDisaster)]
public sealed record StopDisaster(DisasterPlanId Plan) : ICommand<bool>;

internal sealed class StopDisasterHandler(Execution execution, DisasterAccess access) : IRequestHandler<StopDisaster, bool>
{
    public async Task<bool> Handle(StopDisaster request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        if (plan.UndoneAt is not null)
        {
            return false;
        }

        plan.Undo(execution.Actor, execution.Now);
        execution.Audit("disaster.undone", plan.Id);
        return true;
    }
}
