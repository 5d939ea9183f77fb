using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// The outbox, newest first, for whoever runs the product and sees no cases: what became of each mail, never its text or subject, the
/// recipient masked.
/// </summary>
/// <param name="Twice">Only mails of which a second copy may have gone out.</param>
/// <param name="Domain">Only mails to this domain.</param>
[Requires(Permission.Administer)]
public sealed record ListOutgoingMail(MailState? State = null, bool Twice = false, MailId? After = null, int Limit = 50, string? Domain = null) : IQuery<OutboxPage>;

/// <param name="Held">Nothing goes out until somebody releases it (after a restore).</param>
public sealed record OutboxPage(IReadOnlyList<OutboxRow> Items, string? Next, bool Held);

/// <param name="Recipient">Masked: the first letter and the domain.</param>
public sealed record OutboxRow(
    MailId Id, string Template, string Recipient, MailState State, bool PossiblyTwice, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset NextAttemptAt, DateTimeOffset? SentAt,
    string? ErrorCode, string? DiscardReason, bool CanBeRetried, bool CanBeDiscarded, bool CarriesOthers, bool Untold)
{
    internal static OutboxRow Of(OutgoingMail mail) => new(
        mail.Id, mail.Template, Masked(mail.Recipient), mail.State, mail.PossiblyTwice, mail.Attempts, mail.CreatedAt, mail.NextAttemptAt, mail.SentAt, mail.ErrorCode,
        mail.DiscardReason, mail.CanBeRetried, mail.CanBeDiscarded, mail.CarriesOthers, mail.UntoldSince is not null);

    internal static string Masked(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? "***" : $"{address[0]}***{address[at..]}";
    }
}

internal sealed class ListOutgoingMailValidator : AbstractValidator<ListOutgoingMail>
{
    public ListOutgoingMailValidator()
    {
        RuleFor(r => r.Limit).InclusiveBetween(1, 200).WithErrorCode("page.malformed");
        RuleFor(r => r.Domain).Storable();
    }
}

internal sealed class ListOutgoingMailHandler(ConsultationDb db) : IRequestHandler<ListOutgoingMail, OutboxPage>
{
    public async Task<OutboxPage> Handle(ListOutgoingMail request, CancellationToken cancellationToken)
    {
        var domain = string.IsNullOrWhiteSpace(request.Domain) ? null : MailDomain.Of(request.Domain);
        var mails = (domain is null ? db.Set<OutgoingMail>() : db.Set<OutgoingMail>().FromSql($"select * from outgoing_mail where mail_domain(recipient) = {domain}")).AsNoTracking();
        mails = request.State is { } state ? mails.Where(m => m.State == state) : mails;
        mails = request.Twice ? mails.Where(m => m.PossiblyTwice) : mails;
        if (request.After is { } after)
        {
            var last = await db.Set<OutgoingMail>().Where(m => m.Id == after).Select(m => (DateTimeOffset?)m.CreatedAt).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidInput("after", "page.malformed");
            mails = mails.Where(m => EF.Functions.LessThan(ValueTuple.Create(m.CreatedAt, m.Id), ValueTuple.Create(last, after)));
        }

        var found = await mails.OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        var held = await db.Database.SqlQuery<bool>($"select mail_held as \"Value\" from installation").SingleAsync(cancellationToken);
        var shown = found.Take(request.Limit).Select(OutboxRow.Of).ToList();
        return new(shown, found.Count > request.Limit ? shown[^1].Id.ToString() : null, held);
    }
}
