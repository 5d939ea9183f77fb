using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Mail;

/// <summary>
/// Sends mails once more that were put off, refused or given up: at once, with all their tries before them; all in one transaction, each with its line in the
/// audit. A call that was planned instead stays, for nobody knows yet whether the mail arrives this time.
/// </summary>
/// <exception cref="RuleViolation"><c>mail.not_retryable</c>: none of them.</exception>
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
    public Task<MailsDone> Handle(RetryMails request, CancellationToken cancellationToken)
    {
        execution.AfterCommit(wake.Ring);
        return request.Choice.EachAsync(db, mail => mail.CanBeRetried, mail =>
        {
            mail.RetryNow(request.Reason!, execution);
            return Task.CompletedTask;
        }, "mail.not_retryable", cancellationToken);
    }
}
