using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Mail;

/// <summary>Takes several mails out, as <see cref="DiscardMail"/> does with one; all in one transaction, each with its line in the audit.</summary>
[Requires(Permission.Administer)]
public sealed record DiscardMails(MailChoice Choice, string? Reason) : ICommand<MailsDone>;

internal sealed class DiscardMailsValidator : AbstractValidator<DiscardMails>
{
    public DiscardMailsValidator()
    {
        RuleFor(r => r.Choice).SetValidator(new MailChoiceValidator());
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class DiscardMailsHandler(ConsultationDb db, Execution execution) : IRequestHandler<DiscardMails, MailsDone>
{
    public async Task<MailsDone> Handle(DiscardMails request, CancellationToken cancellationToken)
    {
        var chosen = await request.Choice.LockedAsync(db, cancellationToken);
        var able = chosen.Where(mail => mail.CanBeDiscarded).ToList();
        foreach (var mail in able)
        {
            mail.DiscardFor(request.Reason!, execution);
        }

        return new(able.Count, (request.Choice.Mails?.Count ?? chosen.Count) - able.Count, request.Choice.Mails is null && chosen.Count == MailChoice.Most);
    }
}
