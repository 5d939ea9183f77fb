using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Sends a mail once more that was put off, refused or given up: at once, with all its tries before it. A call that was planned instead stays,
/// for nobody knows yet whether the mail arrives this time.
/// </summary>
[Requires(Permission.Administer)]
public sealed record RetryMail(MailId Mail, string? Reason = null) : ICommand<MailId>;

internal sealed class RetryMailValidator : AbstractValidator<RetryMail>
{
    public RetryMailValidator() => RuleFor(r => r.Reason).Storable();
}

internal sealed class RetryMailHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<RetryMail, MailId>
{
    public async Task<MailId> Handle(RetryMail request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from outgoing_mail where id = {request.Mail.Value} for update", cancellationToken);
        var mail = await db.Set<OutgoingMail>().FirstOrDefaultAsync(m => m.Id == request.Mail, cancellationToken) ?? throw new NotFound();
        if (!mail.CanBeRetried)
        {
            throw new RuleViolation("mail.not_retryable");
        }

        mail.RetryNow(request.Reason, execution);
        execution.AfterCommit(wake.Ring);
        return mail.Id;
    }
}
