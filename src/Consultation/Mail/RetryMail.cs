using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Sends a mail once more that was put off, refused or given up: at once, with all its tries before it. A call that was planned instead stays,
/// for nobody knows yet whether the mail arrives this time.
/// </summary>
[Requires(Permission.Administer)]
public sealed record RetryMail(MailId Mail) : ICommand<MailId>;

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

        var before = mail.State;
        mail.Retry(execution.Now);
        execution.Audit("mail.retried", mail.Id, new Changes().Of("state", EnumText.Of(before), EnumText.Of(mail.State)).ToString());
        execution.AfterCommit(wake.Ring);
        return mail.Id;
    }
}
