using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Takes mails out that shall not be sent any more, such as those that went out before a restore; all in one transaction. The reason stays with each and in the
/// audit. The letters that a digest was to carry are free again, for the next one.
/// </summary>
/// <exception cref="RuleViolation"><c>mail.not_discardable</c>: none of them.</exception>
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
    public Task<MailsDone> Handle(DiscardMails request, CancellationToken cancellationToken) =>
        request.Choice.EachAsync(db, mail => mail.CanBeDiscarded, async mail =>
        {
            mail.DiscardFor(request.Reason!, execution);
            if (!mail.CarriesOthers)
            {
                return;
            }

            foreach (var letter in await db.Set<OutgoingMail>().Where(m => m.Digest == mail.Id && m.State == MailState.Gathered).ToListAsync(cancellationToken))
            {
                letter.LeaveDigest(mail);
                execution.Audit("mail.left_digest", letter.Id, $"{mail.Id}");
            }
        }, "mail.not_discardable", cancellationToken);
}
