using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Adds a contact (対応記録) to any case, whoever holds it: another district's desk needs no approval and no reason, and is audited
/// and the desk that holds the case hears of it (journey J60). A reached client keeps the promise of a call-back and meets the first response; 不在 counts as an attempt.
/// </summary>
/// <param name="At">When it was said; now where null.</param>
/// <param name="CallBackAt">A call promised for later (折り返し).</param>
[Requires(Permission.AddContact)]
public sealed record RecordContact(
    CaseId Case, ContactDirection? Direction, Channel? Channel, ContactResult? Result, DateTimeOffset? At = null, int? Minutes = null, string? Person = null,
    string? Text = null, DateTimeOffset? CallBackAt = null) : ICommand<RecordedContact>;

internal sealed class RecordContactValidator : AbstractValidator<RecordContact>
{
    public RecordContactValidator()
    {
        RuleFor(r => r.Direction).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Channel).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Result).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.At).PossibleInstant();
        RuleFor(r => r.CallBackAt).PossibleInstant();
        RuleFor(r => r.Minutes).Must(m => m is null or (>= 0 and <= 1440)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, 1440 });
        RuleFor(r => r.Person).Storable();
        RuleFor(r => r.Text).Storable(InputRules.TextLength);
    }
}

internal sealed class RecordContactHandler(ConsultationDb db, Execution execution, CaseAccess access, DeskBook desks) : IRequestHandler<RecordContact, RecordedContact>
{
    public async Task<RecordedContact> Handle(RecordContact request, CancellationToken cancellationToken)
    {
        var at = request.At ?? execution.Now;
        if (at > execution.Now.AddMinutes(1))
        {
            throw new InvalidInput("at", "contact.in_future");
        }

        if (request.CallBackAt is { } promised && promised <= execution.Now)
        {
            throw new InvalidInput("callBackAt", "call_back.in_past");
        }

        // An expert adds to own cases only; every desk to every case.
        var found = execution.Actor.Role == Role.Expert
            ? await access.ForChangeAsync(request.Case, cancellationToken)
            : await access.ForChangeByAnyAsync(request.Case, cancellationToken);
        found.Demand(CaseAction.AddContact);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var contact = new Contact(found.Id, request.Direction!.Value, request.Channel!.Value, at, request.Minutes, request.Person, request.Result!.Value, request.Text, execution.Actor);
        db.Add(contact);
        await CaseSearch.AppendAsync(db, found.Id, request.Text, cancellationToken);

        var open = await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open).OrderBy(c => c.DueAt).ToListAsync(cancellationToken);
        if (request.Result == ContactResult.Answered)
        {
            found.Responded(occasion);
            foreach (var kept in open)
            {
                kept.End(CallBackState.Kept, execution.Now);
                found.CallBackEnded(Ref.To(kept.Id), kept: true, occasion);
            }
        }
        else if (request.Direction == ContactDirection.Out)
        {
            open.FirstOrDefault()?.Attempted(at);
            // A message that went out is an answer; a phone that rang in vain is not.
            if (request.Result == ContactResult.Message)
            {
                found.Responded(occasion);
            }
        }

        if (request.CallBackAt is { } callAt)
        {
            var callBack = new CallBack(found.Id, found.DeskId, callAt, found.Phone, "折り返しの約束");
            db.Add(callBack);
            found.PromiseCall(Ref.To(callBack.Id), callAt, occasion);
        }

        var isOtherDesks = execution.Actor.Desk is { } own && own != found.DeskId;
        if (isOtherDesks)
        {
            db.Add(new DeskNews(found.Id, found.DeskId, DeskNewsKind.Contact, execution.Now, execution.Actor.Name, request.Text));
        }

        execution.Audit("contact.recorded", found.Id, isOtherDesks && found.District != execution.Actor.District ? "other district" : null);
        var told = isOtherDesks ? (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Name : null;
        return new(contact.Id, found.Id, found.Number, found.Status, found.Version) { ToldDesk = told };
    }
}

public sealed record RecordedContact(ContactId Id, CaseId Case, string Number, CaseStatus Status, int Version)
{
    /// <summary>The desk that holds the case and was told; null where it is the actor's own.</summary>
    public string? ToldDesk { get; init; }
}
