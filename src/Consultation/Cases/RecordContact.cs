using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// Adds a contact (対応記録) to any case, whoever holds it: another district's desk needs no approval and no reason, and is audited
/// and the desk that holds the case hears of it (journey J60). A reached client meets the first response and settles the client's calls whose
/// time has come and what was promised for that day; later promises and calls to colleagues stay. 不在 counts as an attempt.
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

internal sealed class RecordContactHandler(ConsultationDb db, Execution execution, CaseAccess access, ContactRecord contacts, PromisedCalls promises) : IRequestHandler<RecordContact, RecordedContact>
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
        var told = await contacts.AddAsync(found, contact, cancellationToken);

        if (found.AwaitsWord && (request.Result == ContactResult.Answered || request.Direction == ContactDirection.In))
        {
            execution.Raise(new ClientSpoke(found.Id, at));
        }

        var open = await db.Set<CallBack>().Where(c => c.CaseId == found.Id && c.State == CallBackState.Open).OrderBy(c => c.DueAt).ToListAsync(cancellationToken);
        var settled = request.Result == ContactResult.Answered ? open.Where(c => c.IsSettledBy(at)).ToList() : [];
        if (request.Result == ContactResult.Answered)
        {
            found.Responded(occasion);
            settled.ForEach(c => found.CallBackEnded(c, kept: true, occasion));
        }
        else if (request.Direction == ContactDirection.Out)
        {
            open.FirstOrDefault(c => c.Kind != CallBackKind.Colleague)?.Attempted(at);
            // A message that went out is an answer; a phone that rang in vain is not.
            if (request.Result == ContactResult.Message)
            {
                found.Responded(occasion);
            }
        }

        if (request.CallBackAt is { } callAt)
        {
            await promises.DemandAsync(callAt, occasion, cancellationToken);
            var callBack = CallBack.Promised(found, callAt);
            db.Add(callBack);
            found.PromiseCall(callBack, occasion);
        }

        return new(contact.Id, found.Id, found.Number, found.Status, found.Version)
        {
            ToldDesk = told,
            Calls = request.Result == ContactResult.Answered ? Words(settled, [.. open.Except(settled)], execution.Now) : "",
        };
    }

    private static string Words(List<CallBack> settled, List<CallBack> left, DateTimeOffset now)
    {
        var promised = left.Where(c => c.Kind == CallBackKind.Promise).Select(c => JapaneseDate.NearTime(c.DueAt, now)).ToList();
        return (settled.Count == 0 ? "" : $"これで済んだ電話は{settled.Count}件です。")
            + (promised.Count == 0 ? "" : $"{string.Join("、", promised)} の折り返しの約束は残しています。")
            + (left.Count == promised.Count ? "" : $"ほかの電話{left.Count - promised.Count}件は残しています。");
    }
}

public sealed record RecordedContact(ContactId Id, CaseId Case, string Number, CaseStatus Status, int Version)
{
    /// <summary>The desk that holds the case and was told; null where it is the actor's own.</summary>
    public string? ToldDesk { get; init; }

    /// <summary>Which calls the talk settled and which are still owed, in sentences; empty where there were none.</summary>
    public string Calls { get; init; } = "";
}
