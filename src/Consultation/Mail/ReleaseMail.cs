using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Lets a held outbox go: after a restore the mails of the lost hours may have been sent already, so an operator looks first and releases
/// then (design §4). Returns how many mails are about to go out.
/// </summary>
[Requires(Permission.Administer)]
public sealed record ReleaseMail : ICommand<int>;

internal sealed class ReleaseMailHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<ReleaseMail, int>
{
    public async Task<int> Handle(ReleaseMail request, CancellationToken cancellationToken)
    {
        if (await db.Database.ExecuteSqlAsync($"update installation set mail_held = false where mail_held", cancellationToken) > 0)
        {
            execution.Audit("mail.released", default(MailId));
        }

        execution.AfterCommit(wake.Ring);
        var now = execution.Now.ToUniversalTime();
        return await db.Set<OutgoingMail>().CountAsync(
            m => (m.State == MailState.Waiting || m.State == MailState.Deferred || m.State == MailState.Attempting) && m.NextAttemptAt <= now, cancellationToken);
    }
}
