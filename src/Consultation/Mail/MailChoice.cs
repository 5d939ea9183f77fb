using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>Several mails of the outbox: these, or all of a state (and of a domain), the oldest first and at most <see cref="Most"/> at once.</summary>
public sealed record MailChoice(IReadOnlyList<MailId>? Mails = null, MailState? State = null, string? Domain = null)
{
    public const int Most = 500;

    /// <summary>Does to each of them what may be done to it.</summary>
    /// <exception cref="NotFound">None of those that were named is there.</exception>
    /// <exception cref="RuleViolation">To none of those that were named it may be done: the code given.</exception>
    internal async Task<MailsDone> EachAsync(ConsultationDb db, Func<OutgoingMail, bool> may, Func<OutgoingMail, Task> act, string refusal, CancellationToken cancellationToken)
    {
        var chosen = await LockedAsync(db, cancellationToken);
        var able = chosen.Where(may).ToList();
        if (Mails is not null && able.Count == 0)
        {
            throw chosen.Count == 0 ? new NotFound() : new RuleViolation(refusal);
        }

        foreach (var mail in able)
        {
            await act(mail);
        }

        return new(able.Count, (Mails?.Count ?? chosen.Count) - able.Count, Mails is null && chosen.Count == Most);
    }

    private async Task<List<OutgoingMail>> LockedAsync(ConsultationDb db, CancellationToken cancellationToken)
    {
        if (Mails is { } chosen)
        {
            return await db.Set<OutgoingMail>().FromSql($"select * from outgoing_mail where id = any({chosen.Select(mail => mail.Value).ToArray()}) order by id for update").ToListAsync(cancellationToken);
        }

        var domain = string.IsNullOrWhiteSpace(Domain) ? null : MailDomain.Of(Domain);
        return await db.Set<OutgoingMail>().FromSql($"""
            select * from outgoing_mail where state = {EnumText.Of(State!.Value)} and ({domain}::text is null or mail_domain(recipient) = {domain})
            order by created_at, id limit {Most} for update skip locked
            """).ToListAsync(cancellationToken);
    }
}

/// <param name="Done">How many it was done to.</param>
/// <param name="Left">Chosen, but no longer in a state in which it may be done (sent meanwhile, on its way).</param>
/// <param name="MayBeMore">As many were met as are taken at once.</param>
public sealed record MailsDone(int Done, int Left, bool MayBeMore);

internal sealed class MailChoiceValidator : AbstractValidator<MailChoice>
{
    public MailChoiceValidator()
    {
        RuleFor(c => c.Mails).Must(mails => mails is not { Count: 0 or > MailChoice.Most }).WithErrorCode("mail.none_chosen");
        RuleFor(c => c.State).NotNull().When(c => c.Mails is null).WithErrorCode("mail.none_chosen").OverridePropertyName("Mails");
        RuleFor(c => c.Domain).Storable();
    }
}
