using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>Sends nothing more to one domain until <see cref="ResumeDomain"/>; its mails wait and lose no patience. Returns the domain.</summary>
/// <exception cref="RuleViolation"><c>mail.domain_paused</c>: it is paused already.</exception>
[Requires(Permission.Administer)]
public sealed record PauseDomain(string? Domain, string? Reason) : ICommand<string>;

internal sealed class PauseDomainValidator : AbstractValidator<PauseDomain>
{
    public PauseDomainValidator()
    {
        RuleFor(r => r.Domain).MailDomainName();
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class PauseDomainHandler(ConsultationDb db, Execution execution) : IRequestHandler<PauseDomain, string>
{
    public async Task<string> Handle(PauseDomain request, CancellationToken cancellationToken)
    {
        var (domain, reason, now) = (MailDomain.Of(request.Domain!), request.Reason!.Trim(), execution.Now.ToUniversalTime());
        if (await db.Database.ExecuteSqlAsync($"""
            insert into mail_domains as d (domain, paused_at, pause_reason) values ({domain}, {now}, {reason})
            on conflict (domain) do update set paused_at = excluded.paused_at, pause_reason = excluded.pause_reason where d.paused_at is null
            """, cancellationToken) == 0)
        {
            throw new RuleViolation("mail.domain_paused", domain);
        }

        execution.Audit("mail.domain_paused", default(MailId), $"{domain}; {reason}");
        return domain;
    }
}
