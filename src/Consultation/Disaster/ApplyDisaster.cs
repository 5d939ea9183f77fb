using Consultation.Cases;
using Consultation.Messaging;
using MediatR;

namespace Consultation.Disaster;

/// <summary>
/// Switches every case of the plan that is still to be done, each in a transaction of its own; what is refused stands in the plan with its reason
/// and is tried again the next time. Once more, when all is done, is a no-op.
/// </summary>
/// <exception cref="NotFound">No such plan among those the actor may see.</exception>
[Requires(Permission.DeclareDisaster), OutsideTransaction]
public sealed record ApplyDisaster(DisasterPlanId Plan) : ICommand<DisasterResult>;

public sealed record DisasterResult(int Done, int Failed);

internal sealed class ApplyDisasterHandler(Dispatcher dispatcher, Execution execution, DisasterAccess access) : IRequestHandler<ApplyDisaster, DisasterResult>
{
    public async Task<DisasterResult> Handle(ApplyDisaster request, CancellationToken cancellationToken)
    {
        var plan = await access.ReadAsync(request.Plan, cancellationToken);
        return await DisasterSteps.RunAsync(
            plan.ToApply, item => dispatcher.Send(new SwitchCase(request.Plan, item), execution.Actor, cancellationToken),
            (item, why) => dispatcher.Send(new KeepRefusal(request.Plan, item, why), execution.Actor, cancellationToken));
    }
}

/// <summary>Case after case, none kept from its turn by another's refusal.</summary>
internal static class DisasterSteps
{
    public static async Task<DisasterResult> RunAsync(IReadOnlyList<CaseId> items, Func<CaseId, Task<bool>> act, Func<CaseId, string, Task<bool>> refused)
    {
        var (done, failed) = (0, 0);
        foreach (var item in items)
        {
            try
            {
                done += await act(item) ? 1 : 0;
            }
            catch (Failure failure)
            {
                failed++;
                await refused(item, failure.Text);
            }
        }

        return new(done, failed);
    }
}
