using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>Pauses the clocks of a case while the client's answer is awaited (保留). Holding what is on hold is a no-op.</summary>
[Requires(Permission.EditCase)]
public sealed record HoldCase(CaseId Case, string? Reason) : ICommand<ChangedCase>;

internal sealed class HoldCaseValidator : AbstractValidator<HoldCase>
{
    public HoldCaseValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class HoldCaseHandler(Execution execution, CaseAccess access) : IRequestHandler<HoldCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(HoldCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        if (found.Hold(request.Reason!, await access.OccasionAsync(found.DeskId, cancellationToken)))
        {
            execution.Audit("case.held", found.Id);
        }

        return ChangedCase.Of(found);
    }
}
