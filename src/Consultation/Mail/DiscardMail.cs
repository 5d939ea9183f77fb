using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>Takes a mail out that shall not be sent any more, such as one that went out before a restore. The reason stays with the mail and in the audit.</summary>
[Requires(Permission.Administer)]
public sealed record DiscardMail(MailId Mail, string? Reason) : ICommand<MailId>;

internal sealed class DiscardMailValidator : AbstractValidator<DiscardMail>
{
    public DiscardMailValidator() => RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
}

internal sealed class DiscardMailHandler(ConsultationDb db, Execution execution) : IRequestHandler<DiscardMail, MailId>
{
    public async Task<MailId> Handle(DiscardMail request, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from outgoing_mail where id = {request.Mail.Value} for update", cancellationToken);
        var mail = await db.Set<OutgoingMail>().FirstOrDefaultAsync(m => m.Id == request.Mail, cancellationToken) ?? throw new NotFound();
        if (!mail.CanBeDiscarded)
        {
            throw new RuleViolation("mail.not_discardable");
        }

        mail.DiscardFor(request.Reason!, execution);
        return mail.Id;
    }
}
