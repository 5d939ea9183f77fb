using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Closes a case. Open visits, owed reports, open follow-ups and promised calls stand against it and are listed in one refusal, unless
/// <paramref name="CloseOpenWork"/> asks every room to cancel its own (journey J37).
/// </summary>
[Requires(Permission.CloseCase)]
public sealed record CloseCase(CaseId Case, CaseOutcome? Outcome, TeleworkStatus? StatusAfter = null, bool CloseOpenWork = false, string? Reason = null) : ICommand<ChangedCase>;

internal sealed class CloseCaseValidator : AbstractValidator<CloseCase>
{
    public CloseCaseValidator()
    {
        RuleFor(r => r.Outcome).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Reason).Storable(InputRules.TextLength);
    }
}

internal sealed class CloseCaseHandler(ConsultationDb db, Execution execution, CaseAccess access, IMediator mediator) : IRequestHandler<CloseCase, ChangedCase>
{
    public async Task<ChangedCase> Handle(CloseCase request, CancellationToken cancellationToken)
    {
        if (request.CloseOpenWork)
        {
            await mediator.Publish(new CaseLocking(request.Case), cancellationToken);
        }

        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        if (found.Status != CaseStatus.Closed)
        {
            found.Demand(CaseAction.Close);
            var objections = new List<Objection>();
            // Asked now and not as a wave after the handler: the answers decide whether there is anything to save.
            await mediator.Publish(new CaseClosing(found.Id, request.CloseOpenWork, objections), cancellationToken);
            await CallBacksAsync(found, request.CloseOpenWork, objections, occasion, cancellationToken);
            if (objections.Count > 0)
            {
                throw new RuleViolation("case.open_work", string.Join("、", objections.Select(o => o.Text))) { Extra = { ["objections"] = objections } };
            }
        }

        if (found.Close(request.Outcome!.Value, request.StatusAfter, request.Reason, occasion))
        {
            execution.Audit("case.closed", found.Id, request.Outcome.ToString());
        }

        return ChangedCase.Of(found);
    }

    private async Task CallBacksAsync(Case found, bool cancel, List<Objection> objections, Occasion occasion, CancellationToken cancellationToken)
    {
        var open = await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open).ToListAsync(cancellationToken);
        // Another room may have ended some a moment ago.
        foreach (var call in open.Where(c => c.State == CallBackState.Open))
        {
            if (cancel)
            {
                found.CallBackEnded(call, kept: false, occasion);
            }
            else
            {
                objections.Add(new("call_back.open", $"{Reference.JapaneseDate.NearTime(call.DueAt, execution.Now)} {(call.Kind == CallBackKind.Promise ? "の折り返し" : "までの電話")}が残っています"));
            }
        }
    }
}
