using Consultation.Cases;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Disaster;

/// <summary>
/// What the switch would send about one case, before there is a plan: a command that is only rehearsed, because the switch itself is a transaction for each case
/// and cannot be.
/// </summary>
/// <exception cref="NotFound">The case has no visit on these days; or it was to be done.</exception>
/// <exception cref="RuleViolation">What would forbid the change, as in <see cref="SwitchCase"/>.</exception>
[Requires(Permission.DeclareDisaster)]
public sealed record ShowSwitch(OpenDisaster Open, CaseId Case) : ICommand<bool>;

internal sealed class ShowSwitchValidator : AbstractValidator<ShowSwitch>
{
    public ShowSwitchValidator() => RuleFor(r => r.Open).SetValidator(new OpenDisasterValidator());
}

internal sealed class ShowSwitchHandler(Execution execution, DisasterAccess access, CaseSwitch switching) : IRequestHandler<ShowSwitch, bool>
{
    public async Task<bool> Handle(ShowSwitch request, CancellationToken cancellationToken)
    {
        if (execution.Rehearsal is null)
        {
            throw new NotFound();
        }

        var plan = await access.NewAsync(request.Open, cancellationToken);
        var item = plan.Items.Find(i => i.Case == request.Case) ?? throw new NotFound();
        return (await switching.SwitchAsync(plan, item, cancellationToken)).State == DisasterItemState.Done;
    }
}
