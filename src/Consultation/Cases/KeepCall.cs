using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// One owed call was made or tried. To the client it is a contact, which meets the first response, and ends just this call; a call to an expert
/// or a task of the desk ends with a line of the story and is no contact. A call that was made already is a repeat.
/// </summary>
/// <param name="Result"><see cref="ContactResult.Answered"/> or <see cref="ContactResult.NoAnswer"/>.</param>
/// <param name="Text">What was said.</param>
[Requires(Permission.EditCase)]
public sealed record KeepCall(CallBackId CallBack, ContactResult? Result, string? Text = null) : ICommand<ChangedCase>;

internal sealed class KeepCallValidator : AbstractValidator<KeepCall>
{
    public KeepCallValidator()
    {
        RuleFor(r => r.Result).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Result).Must(r => r is not ContactResult.Message).WithErrorCode("field.unknown_code");
        RuleFor(r => r.Text).Storable(InputRules.TextLength);
    }
}

internal sealed class KeepCallHandler(ConsultationDb db, Execution execution, CaseAccess access, ContactRecord contacts) : IRequestHandler<KeepCall, ChangedCase>
{
    /// <exception cref="RuleViolation"><c>call_back.ended</c>: nobody need call any more.</exception>
    public async Task<ChangedCase> Handle(KeepCall request, CancellationToken cancellationToken)
    {
        var owner = await db.Set<CallBack>().Where(c => c.Id == request.CallBack).Select(c => (CaseId?)c.CaseId).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var found = await access.ForChangeAsync(owner, cancellationToken);
        var call = await db.Set<CallBack>().SingleAsync(c => c.Id == request.CallBack, cancellationToken);
        var answered = request.Result == ContactResult.Answered;
        if (call.State != CallBackState.Open)
        {
            return answered && call.State == CallBackState.Kept ? ChangedCase.Of(found) : throw new RuleViolation("call_back.ended");
        }

        found.Demand(CaseAction.AddContact);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        if (call.Kind == CallBackKind.Colleague)
        {
            var about = call.Title ?? call.Reason.Split('\n')[0];
            found.Tell(occasion, answered ? "call_made" : "call_tried", $"{(answered ? "電話・作業が済んだ" : "電話したが不在")}: {about}{(string.IsNullOrWhiteSpace(request.Text) ? "" : $"（{request.Text.Trim()}）")}");
            execution.Audit(answered ? "call_back.made" : "call_back.tried", found.Id);
        }
        else
        {
            var contact = new Contact(found.Id, ContactDirection.Out, Channel.Phone, execution.Now, null, found.ContactName, request.Result!.Value, request.Text, execution.Actor);
            await contacts.AddAsync(found, contact, cancellationToken);
        }

        if (!answered)
        {
            call.Attempted(execution.Now);
            return ChangedCase.Of(found);
        }

        if (call.Kind != CallBackKind.Colleague)
        {
            found.Responded(occasion);
            if (found.AwaitsWord)
            {
                execution.Raise(new ClientSpoke(found.Id, execution.Now));
            }
        }

        found.CallBackEnded(call, kept: true, occasion);
        return ChangedCase.Of(found);
    }
}
