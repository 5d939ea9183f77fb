using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;

namespace Consultation.Disaster;

/// <summary>Writes down why a case of the plan was not switched, or not given back.</summary>
/// <param name="Why">The text of the refusal.</param>
[Requires(Permission.DeclareDisaster)]
public sealed record KeepRefusal(DisasterPlanId Plan, CaseId Case, string Why) : ICommand<bool>;

internal sealed class KeepRefusalHandler(Execution execution, DisasterAccess access) : IRequestHandler<KeepRefusal, bool>
{
    public async Task<bool> Handle(KeepRefusal request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        var item = plan.ItemOf(request.Case);
        var state = item.State is DisasterItemState.Done or DisasterItemState.Kept ? DisasterItemState.Kept : DisasterItemState.Failed;
        plan.Tell(item with { State = state, Why = request.Why });
        execution.Audit("disaster.refused", request.Case, EnumText.Of(state));
        return true;
    }
}
