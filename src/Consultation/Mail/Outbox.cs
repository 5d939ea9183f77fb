using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Mail;

/// <summary>
/// Where a use case leaves its mails: rendered now, written in the same transaction, sent by background work (design §4). The same event,
/// recipient and template a second time is a silent no-op.
/// </summary>
public sealed class Outbox(ConsultationDb db, Execution execution, MailSettings settings, MailWake wake, TemplateBook templates)
{
    private readonly List<OutgoingMail> written = [];

    /// <summary>What a letter would say, by the words in force; for what is told otherwise than by mail.</summary>
    /// <exception cref="RuleViolation"><c>mail.gap_missing</c>: a gap of the template has no value.</exception>
    public (string Subject, string Body) Render(string template, IReadOnlyDictionary<string, string> values) => templates.Find(template).Render(values);

    /// <param name="template">The name of an embedded file, without <c>.mail.txt</c>.</param>
    /// <param name="eventKey">What happened, with its id.</param>
    /// <param name="person">The expert or colleague it goes to; null for a client.</param>
    /// <param name="reference">The case the mail is about, or another row.</param>
    /// <param name="wait">At once where null.</param>
    /// <param name="calendar">iCalendar that goes with the text (<see cref="CalendarObject"/>).</param>
    /// <exception cref="RuleViolation"><c>mail.gap_missing</c>: a gap of the template has no value.</exception>
    /// <exception cref="MailTemplateInvalid">There is no such template.</exception>
    /// <exception cref="InvalidInput"><c>mail.bad_address</c>: the recipient's address is malformed; line breaks in it could forge headers.</exception>
    /// <returns>The mail that is written, unless the same event has written to this recipient before.</returns>
    public MailId Send(string template, string eventKey, string recipient, Ref? person, Ref reference, IReadOnlyDictionary<string, string> values, NotBefore? wait = null, string? calendar = null)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Mail is written in the transaction of the act it tells of; there is none.");
        }

        if (!EmailAddress.IsWellFormed(recipient))
        {
            throw new InvalidInput("recipient", "mail.bad_address");
        }

        var words = templates.Find(template);
        var (subject, body) = words.Render(values);
        var mail = new OutgoingMail(eventKey, recipient, person, template, words.Version, reference, subject, body, calendar, settings.Domain, wait, execution.Now);
        written.Add(mail);
        execution.AfterCommit(wake.Ring);
        return mail.Id;
    }

    /// <summary>Takes out a mail of an earlier act that has not left the house yet.</summary>
    /// <returns>Whom it has reached, or may have; null where nobody will get it, or nobody was written to.</returns>
    public async Task<string?> RecallAsync(string template, string eventKey, string reason, CancellationToken cancellationToken)
    {
        var mail = await LockedAsync(template, eventKey, cancellationToken);
        if (mail is { HasNotLeft: true })
        {
            mail.Discard(reason);
            execution.Audit("mail.discarded", mail.Id, reason);
            return null;
        }

        return mail is { State: MailState.Bounced or MailState.Dead or MailState.Discarded } ? null : mail?.Recipient;
    }

    /// <summary>Takes out a mail that has not left, as though the act had not been: when it happens again, its mail is written anew.</summary>
    /// <returns>False where the mail has left, may have, or was never written; nothing is changed then.</returns>
    internal async Task<bool> TakeBackAsync(string template, string eventKey, string reason, CancellationToken cancellationToken)
    {
        var mail = await LockedAsync(template, eventKey, cancellationToken);
        if (mail is not { HasNotLeft: true })
        {
            return false;
        }

        mail.TakeBack(reason);
        execution.Audit("mail.discarded", mail.Id, reason);
        return true;
    }

    private Task<OutgoingMail?> LockedAsync(string template, string eventKey, CancellationToken cancellationToken) =>
        db.Set<OutgoingMail>()
            .FromSql($"select * from outgoing_mail where event_key = {eventKey} and template = {template} for update").FirstOrDefaultAsync(cancellationToken);

    /// <summary>
    /// Lets the mails so far become rows with the last statements of the transaction: own ones and not <c>db.Add</c>, because only the database
    /// can tell a repetition from another process's mail.
    /// </summary>
    internal void Join(RoundTrip trip)
    {
        foreach (var mail in written)
        {
            // A date for a calendar cannot stand inside another letter.
            var gathers = mail.Person is not null && mail.Calendar is null && templates.Find(mail.Template).Gathers;
            FormattableString waiting = $"'waiting'";
            var state = gathers ? $"case when exists (select 1 from mail_digest_choices where person = {mail.Person!.Value.Value}) then 'gathered' else {waiting} end" : waiting;
            trip.Do($"""
                insert into outgoing_mail (id, state, event_key, recipient, person, template, template_version, reference, subject, body, calendar, message_id, next_attempt_at, not_before, not_before_why, created_at)
                values ({mail.Id.Value}, {state}, {mail.EventKey}, {mail.Recipient}, {mail.Person?.Value}, {mail.Template}, {mail.TemplateVersion}, {mail.Reference.Value}, {mail.Subject}, {mail.Body}, {mail.Calendar},
                  {mail.MessageId}, {mail.NextAttemptAt}, {mail.NotBefore}, {mail.NotBeforeWhy}, {mail.CreatedAt})
                on conflict (event_key, recipient, template) do nothing
                """);
        }
    }

    /// <summary>The mails so far.</summary>
    internal IReadOnlyList<OutgoingMail> Written => written;

    /// <summary>A retry starts from nothing.</summary>
    internal void Forget() => written.Clear();
}
