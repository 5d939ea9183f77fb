using Consultation.Cases;
using Consultation.Messaging;
using FluentValidation;
using MediatR;

namespace Consultation.FollowUps;

/// <summary>Records what the client told, and the 導入状況 by then. The same answer again is a no-op.</summary>
[Requires(Permission.WorkFollowUps)]
public sealed record CompleteFollowUp(FollowUpId FollowUp, FollowUpResult? Result, TeleworkStatus? TeleworkStatus = null) : ICommand<ChangedFollowUp>;

internal sealed class CompleteFollowUpValidator : AbstractValidator<CompleteFollowUp>
{
    public CompleteFollowUpValidator() => RuleFor(r => r.Result).NotNull().WithErrorCode("field.required");
}

internal sealed class CompleteFollowUpHandler(Execution execution, FollowUpAccess access, Approaches approaches) : IRequestHandler<CompleteFollowUp, ChangedFollowUp>
{
    public async Task<ChangedFollowUp> Handle(CompleteFollowUp request, CancellationToken cancellationToken)
    {
        var (followUp, found, occasion) = await access.ForChangeAsync(request.FollowUp, cancellationToken);
        if (followUp.Complete(request.Result!.Value, request.TeleworkStatus, occasion))
        {
            var status = request.TeleworkStatus is { } told ? $"、導入状況: {CaseWords.Of(told)}" : "";
            found.FollowedUp("follow_up_done", $"{FollowUpWords.Of(followUp.Kind)}: {FollowUpWords.Of(request.Result.Value)}{status}", occasion, request.TeleworkStatus);
            await approaches.EndAsync(found, followUp, request.Result != FollowUpResult.NoAnswer, occasion, cancellationToken);
            execution.Audit("follow_up.completed", followUp.Id, request.Result.ToString());
        }

        return ChangedFollowUp.Of(followUp, found);
    }
}
