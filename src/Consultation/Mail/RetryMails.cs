using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Mail;

/// <summary>Sends several mails once more that were put off, refused or given up, as <see cref="RetryMail"/> does with one; all in one transaction, each with its line in the audit.</summary>
[Requires(Permission.Administer)]
public sealed record RetryMails(MailChoice Choice, string? Reason) : ICommand<MailsDone>;

internal sealed class RetryMailsValidator : AbstractValidator<RetryMails>
{
    public RetryMailsValidator()
    {
        RuleFor(r => r.Choice).SetValidator(new MailChoiceValidator());
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class RetryMailsHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<RetryMails, MailsDone>
{
    public async Task<MailsDone> Handle(RetryMails request, CancellationToken cancellationToken)
    {
        var chosen = await request.Choice.LockedAsync(db, cancellationToken);
        var able = chosen.Where(mail => mail.CanBeRetried).ToList();
        foreach (var mail in able)
        {
            mail.RetryNow(request.Reason, execution);
        }

        execution.AfterCommit(wake.Ring);
        return new(able.Count, (request.Choice.Mails?.Count ?? chosen.Count) - able.Count, request.Choice.Mails is null && chosen.Count == MailChoice.Most);
    }
}
