using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Disaster;

/// <summary>
/// Writes down what the switch is to do, as it stands now; <see cref="ApplyDisaster"/> then does it case by case. Two steps, so that whatever
/// breaks in between is seen and gone on with.
/// </summary>
/// <param name="Reason">Told to clients: 台風, 大雪.</param>
/// <exception cref="InvalidInput"><c>disaster.unknown_prefecture</c>, <c>disaster.reversed</c>, <c>disaster.too_long</c></exception>
/// <exception cref="RuleViolation"><c>disaster.nothing</c></exception>
[Requires(Permission.DeclareDisaster)]
public sealed record OpenDisaster(string? Prefecture, DateOnly? From, DateOnly? To, DisasterWay? Way, string? Reason) : ICommand<DisasterPlanId>;

internal sealed class OpenDisasterValidator : AbstractValidator<OpenDisaster>
{
    private const int ReasonLength = 20;

    public OpenDisasterValidator()
    {
        this.Days(r => r.Prefecture, r => r.From, r => r.To, r => r.Way);
        RuleFor(r => r.Reason).RequiredText(ReasonLength);
    }
}

internal sealed class OpenDisasterHandler(ConsultationDb db, Execution execution, DisasterAccess access) : IRequestHandler<OpenDisaster, DisasterPlanId>
{
    public async Task<DisasterPlanId> Handle(OpenDisaster request, CancellationToken cancellationToken)
    {
        var plan = await access.NewAsync(request, cancellationToken);
        db.Add(plan);
        execution.Audit("disaster.opened", plan.Id, $"{plan.Prefecture} {plan.FromOn:yyyy-MM-dd}..{plan.ToOn:yyyy-MM-dd} {EnumText.Of(plan.Way)}: {plan.Items.Count} cases");
        return plan.Id;
    }
}
