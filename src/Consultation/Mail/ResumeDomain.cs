using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>Sends to a domain again, at once: one that a person paused, or one that was left alone because it put mails off. Returns the domain.</summary>
/// <exception cref="RuleViolation"><c>mail.domain_open</c>: nothing keeps it.</exception>
[Requires(Permission.Administer)]
public sealed record ResumeDomain(string? Domain, string? Reason = null) : ICommand<string>;

internal sealed class ResumeDomainValidator : AbstractValidator<ResumeDomain>
{
    public ResumeDomainValidator()
    {
        RuleFor(r => r.Domain).MailDomainName();
        RuleFor(r => r.Reason).Storable();
    }
}

internal sealed class ResumeDomainHandler(ConsultationDb db, Execution execution, MailWake wake) : IRequestHandler<ResumeDomain, string>
{
    public async Task<string> Handle(ResumeDomain request, CancellationToken cancellationToken)
    {
        var domain = MailDomain.Of(request.Domain!);
        if (await db.Database.ExecuteSqlAsync($"delete from mail_domains where domain = {domain} and (paused_at is not null or rest_until is not null)", cancellationToken) == 0)
        {
            throw new RuleViolation("mail.domain_open", domain);
        }

        execution.Audit("mail.domain_resumed", default(MailId), string.IsNullOrWhiteSpace(request.Reason) ? domain : $"{domain}; {request.Reason.Trim()}");
        execution.AfterCommit(wake.Ring);
        return domain;
    }
}
