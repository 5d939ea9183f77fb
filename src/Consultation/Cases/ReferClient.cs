using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using FluentValidation;
using MediatR;

namespace Consultation.Cases;

/// <summary>
/// Records that the client was told of another body, beside a route or in its place: a referral, a contact and a line of the story. Nothing
/// is promised on the other body's behalf. A case that ends with it is closed as <see cref="CaseOutcome.Referred"/> by its own act.
/// </summary>
/// <param name="Target">A key of <see cref="ReferralTargets"/> that is valid today.</param>
/// <param name="Channel">How it was told.</param>
[Requires(Permission.EditCase)]
public sealed record ReferClient(CaseId Case, string? Target, Channel? Channel, string? Note = null) : ICommand<ChangedCase>;

internal sealed class ReferClientValidator : AbstractValidator<ReferClient>
{
    public ReferClientValidator()
    {
        RuleFor(r => r.Target).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Channel).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Note).Storable(InputRules.TextLength);
    }
}

internal sealed class ReferClientHandler(ConsultationDb db, Execution execution, CaseAccess access) : IRequestHandler<ReferClient, ChangedCase>
{
    public async Task<ChangedCase> Handle(ReferClient request, CancellationToken cancellationToken)
    {
        var target = ReferralTargets.Find(request.Target!.Trim(), JapanTime.DateOf(execution.Now)) ?? throw new InvalidInput("target", "field.unknown_code");
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        var channel = request.Channel!.Value;
        var note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim();
        var words = $"紹介: {target.NameJa}{(note is null ? "" : $"\n{note}")}";
        var result = channel is Channel.Phone or Channel.Visit or Channel.Event ? ContactResult.Answered : ContactResult.Message;
        found.Referred(target.NameJa, channel, occasion);
        db.Add(new Referral(found.Id, target.Key, target.NameJa, channel, note, execution.Now, execution.Actor.Staff, execution.Actor.Name));
        db.Add(new Contact(found.Id, ContactDirection.Out, channel, execution.Now, null, found.ContactName, result, words, execution.Actor));
        await CaseSearch.AppendAsync(db, found.Id, words, cancellationToken);
        execution.Audit("case.referred", found.Id, target.Key);
        return ChangedCase.Of(found);
    }
}
