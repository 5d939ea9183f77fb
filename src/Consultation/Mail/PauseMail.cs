using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Holds all sending, from the next mail on: what is on its way this moment comes to its end, everything else waits where it is until
/// <see cref="ReleaseMail"/>. False where it is held already.
/// </summary>
[Requires(Permission.Administer)]
public sealed record PauseMail(string? Reason) : ICommand<bool>;

internal sealed class PauseMailValidator : AbstractValidator<PauseMail>
{
    public PauseMailValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class PauseMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<PauseMail, bool>
{
    public async Task<bool> Handle(PauseMail request, CancellationToken cancellationToken)
    {
        var reason = request.Reason!.Trim();
        if (await db.Database.ExecuteSqlAsync($"update installation set mail_held = true where not mail_held", cancellationToken) == 0)
        {
            return false;
        }

        await db.Database.ExecuteSqlAsync($"update mail_server set held_at = {execution.Now.ToUniversalTime()}, held_reason = {reason}", cancellationToken);
        execution.Audit("mail.paused", default(MailId), reason);
        return true;
    }
}
