using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>Takes a closed case up again; only a person does that, with a reason.</summary>
[Requires(Permission.CloseCase)]
public sealed record ReopenCase(CaseId Case, string? Reason) : ICommand<ChangedCase>;

internal sealed class ReopenCaseValidator : AbstractValidator<ReopenCase>
{
    public ReopenCaseValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class ReopenCaseHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<ReopenCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(ReopenCase request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var calls = await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open).OrderBy(c => c.DueAt).ToListAsync(cancellationToken);
        found.Reopen(request.Reason!, calls, await access.OccasionAsync(found.DeskId, cancellationToken));
        execution.Audit("case.reopened", found.Id);
        execution.Raise(new CaseReopened(found.Id));
        return ChangedCase.Of(found);
    }
}
