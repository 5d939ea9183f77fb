using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Lets a held outbox go: after a restore the mails of the lost hours may have been sent already, so an operator looks first and releases
/// then (design §4); or a person held it (<see cref="PauseMail"/>). Returns how many mails are about to go out.
/// </summary>
[Requires(Permission.Administer)]
public sealed record ReleaseMail(string? Reason = null) : ICommand<int>;

internal sealed class ReleaseMailValidator : AbstractValidator<ReleaseMail>
{
    public ReleaseMailValidator() => RuleFor(r => r.Reason).Storable();
}

internal sealed class ReleaseMailHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<ReleaseMail, int>
{
    public async Task<int> Handle(ReleaseMail request, CancellationToken cancellationToken)
    {
        if (await db.Database.ExecuteSqlAsync($"update installation set mail_held = false where mail_held", cancellationToken) > 0)
        {
            await db.Database.ExecuteSqlAsync($"update mail_server set held_at = null, held_reason = null", cancellationToken);
            execution.Audit("mail.released", default(MailId), string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason.Trim());
        }

        execution.AfterCommit(wake.Ring);
        var now = execution.Now.ToUniversalTime();
        return await db.Set<OutgoingMail>().CountAsync(
            m => (m.State == MailState.Waiting || m.State == MailState.Deferred || m.State == MailState.Attempting) && m.NextAttemptAt <= now, cancellationToken);
    }
}
