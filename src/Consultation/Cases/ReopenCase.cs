using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>Takes a closed case up again; only a person does that, with a reason.</summary>
[Requires(Permission.CloseCase)]
public sealed record ReopenCase(CaseId Case, string? Reason) : ICommand<ChangedCase>;

internal sealed class ReopenCaseValidator : AbstractValidator<ReopenCase>
{
    public ReopenCaseValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class ReopenCaseHandler(Execution execution, CaseAccess access) : IRequestHandler<ReopenCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(ReopenCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        found.Reopen(request.Reason!, await access.OccasionAsync(found.DeskId, cancellationToken));
        execution.Audit("case.reopened", found.Id);
        execution.Raise(new CaseReopened(found.Id));
        return ChangedCase.Of(found);
    }
}
