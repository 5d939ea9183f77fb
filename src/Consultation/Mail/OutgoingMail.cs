using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Consultation.Mail;

public readonly record struct MailId(Guid Value) : IStrongId<MailId>
{
    public static MailId New() => new(Guid.CreateVersion7());
    public static MailId From(Guid value) => new(value);
    public static MailId Parse(string s, IFormatProvider? provider) => StrongId.Parse<MailId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out MailId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

/// <summary>
/// Waiting and deferred mails are to be sent; attempting means that the server may be holding a copy already; sent, bounced (refused for
/// good) and dead (never accepted within 72 hours) are ends, and so is discarded (taken out by a person, with the reason). A gathered one goes out
/// inside another mail, its recipient's next digest.
/// </summary>
public enum MailState { Waiting, Attempting, Deferred, Sent, Bounced, Dead, Discarded, Gathered }

/// <summary>A letter that is to wait, until when by the one clock, and why in words.</summary>
public sealed record NotBefore(DateTimeOffset At, string Why);

/// <summary>
/// One mail to one recipient, as it will be read. The row is written in the transaction of the business act and kept for ever; its
/// Message-ID is fixed here, so that a copy sent in doubt is recognised as the same mail (design §4, RFC 1047).
/// </summary>
public sealed class OutgoingMail
{
    private OutgoingMail()
    {
    }

    internal OutgoingMail(
        string eventKey, string recipient, Ref? person, string template, int version, Ref reference, string subject, string body, string? calendar, string domain, NotBefore? wait, DateTimeOffset createdAt)
    {
        Id = MailId.New();
        EventKey = eventKey;
        Recipient = recipient;
        Person = person;
        Template = template;
        TemplateVersion = version;
        Reference = reference;
        Subject = subject;
        Body = body;
        Calendar = calendar;
        MessageId = $"<{Id}@{domain}>";
        NotBefore = wait?.At.ToUniversalTime();
        NotBeforeWhy = wait?.Why;
        NextAttemptAt = NotBefore ?? createdAt.ToUniversalTime();
        CreatedAt = createdAt.ToUniversalTime();
    }

    public MailId Id { get; private set; }

    /// <summary>What happened, with its id, such as <c>visit-confirmed/0193…</c>; one event mails a recipient once.</summary>
    public string EventKey { get; private set; } = "";
    public string Recipient { get; private set; } = "";

    /// <summary>The expert or colleague it goes to; null for a client. Opaque here.</summary>
    public Ref? Person { get; private set; }
    public string Template { get; private set; } = "";

    /// <summary>The version of the words it was rendered with, 0 for the product's own; null for what another house wrote.</summary>
    public int? TemplateVersion { get; private set; }

    /// <summary>The case (or other row) the mail is about; opaque here.</summary>
    public Ref Reference { get; private set; }
    public string Subject { get; private set; } = "";
    public string Body { get; private set; } = "";

    /// <summary>What the recipient's calendar is to do, as iCalendar (<see cref="CalendarObject"/>); null where there is no date to enter.</summary>
    public string? Calendar { get; private set; }
    public string MessageId { get; private set; } = "";
    public MailState State { get; private set; }

    /// <summary>How often sending was begun, but for tries that came to nothing by our own fault.</summary>
    public int Attempts { get; private set; }

    /// <summary>Not before this instant of the one clock.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>Until when it was held back when it was written (quiet hours); null where it was to go at once.</summary>
    public DateTimeOffset? NotBefore { get; private set; }

    /// <summary>Why it was held back, in words.</summary>
    public string? NotBeforeWhy { get; private set; }

    /// <summary>Until when one sender has it, by the database machine's own clock; a demo's moved clock must not end a lease.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Grows with every lease; a sender whose lease was taken over cannot mark the row any more.</summary>
    public int Fence { get; private set; }

    /// <summary>A copy was begun whose end nobody saw (送信が重複した可能性).</summary>
    public bool PossiblyTwice { get; private set; }

    /// <summary>The last refusal: a reply code of SMTP such as <c>smtp.450</c>, or a word of ours; never the server's text, which may name people.</summary>
    public string? ErrorCode { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }
    public string? DiscardReason { get; private set; }

    /// <summary>The server refused the address itself, and not us or the text.</summary>
    public bool AddressIsWrong { get; private set; }

    /// <summary>Since when it has been lost without anybody told (<see cref="TellLostMail"/>); null where there is nothing to tell, or it was told.</summary>
    public DateTimeOffset? UntoldSince { get; private set; }

    /// <summary>The mail that carried this one; each stands in one digest at most.</summary>
    public MailId? Digest { get; private set; }

    /// <summary>Whether a person may send it once more: what was put off, or came to nothing.</summary>
    public bool CanBeRetried => Digest is null && State is (MailState.Deferred or MailState.Bounced or MailState.Dead);

    /// <summary>Whether a person may take it out: what is not with the server at this moment and not gone.</summary>
    public bool CanBeDiscarded => Digest is null && (State is MailState.Waiting or MailState.Deferred or MailState.Bounced or MailState.Dead or MailState.Gathered || (State == MailState.Attempting && LeaseUntil is null));

    /// <summary>It is a digest.</summary>
    public bool CarriesOthers => Template == DigestChoice.Letter;

    /// <summary>Certainly in nobody's mailbox yet, and on its way there.</summary>
    internal bool HasNotLeft => !PossiblyTwice && (State is MailState.Waiting or MailState.Deferred || (State == MailState.Gathered && Digest is null));

    /// <summary>Back into the queue with all its patience; the Message-ID stays, so that a second copy is recognised.</summary>
    internal void Retry(DateTimeOffset now)
    {
        State = MailState.Waiting;
        Attempts = 0;
        NextAttemptAt = now.ToUniversalTime();
        LeaseUntil = null;
        UntoldSince = null;
        AddressIsWrong = false;
        Fence++;
    }

    /// <summary>Carried by that mail.</summary>
    internal void GoIn(MailId digest) => Digest = digest;

    /// <summary>The mail that was to carry it is not sent any more; the next one may.</summary>
    internal void LeaveDigest(OutgoingMail digest) => (Digest, PossiblyTwice) = (null, PossiblyTwice || digest.PossiblyTwice);

    /// <summary>The mail that carried it will never arrive.</summary>
    internal void LostWith(OutgoingMail digest, DateTimeOffset now) => (State, AddressIsWrong, UntoldSince) = (digest.State, digest.AddressIsWrong, now.ToUniversalTime());

    internal void Tell() => UntoldSince = null;

    /// <summary>Out of the digest to come, to go by itself.</summary>
    internal void GoAlone(DateTimeOffset now)
    {
        State = MailState.Waiting;
        NextAttemptAt = now.ToUniversalTime();
    }

    /// <summary>The same by a person, who says why.</summary>
    internal void RetryNow(string reason, Execution execution)
    {
        var before = State;
        Retry(execution.Now);
        execution.Audit("mail.retried", Id, Told(before, reason));
    }

    /// <summary>Taken out by a person, who says why.</summary>
    internal void DiscardFor(string reason, Execution execution)
    {
        var before = State;
        if (CarriesOthers)
        {
            // The next one begins with the same letter.
            TakeBack(reason.Trim());
        }
        else
        {
            Discard(reason.Trim());
        }

        execution.Audit("mail.discarded", Id, Told(before, reason));
    }

    private string Told(MailState before, string reason) => $"{new Changes().Of("state", EnumText.Of(before), EnumText.Of(State))}; {reason.Trim()}";

    internal void Discard(string reason)
    {
        State = MailState.Discarded;
        DiscardReason = reason;
        UntoldSince = null;
        LeaseUntil = null;
        Fence++;
    }

    /// <summary>Discarded, and its event may write to the same recipient once more.</summary>
    internal void TakeBack(string reason)
    {
        Discard(reason);
        EventKey = $"recalled-{Id}/{EventKey}";
    }

    /// <summary>Gone with its first attempt, long ago; for rows that tell of the past (load).</summary>
    internal void SentAtOnce(DateTimeOffset at)
    {
        Attempts = 1;
        State = MailState.Sent;
        SentAt = at.ToUniversalTime();
    }

    /// <summary>The end of one attempt; frees the lease.</summary>
    internal void Ended(Delivery delivery, DateTimeOffset now)
    {
        LeaseUntil = null;
        ErrorCode = delivery.Code;
        AddressIsWrong = delivery.BlamesRecipient;
        PossiblyTwice |= delivery.End == DeliveryEnd.Unknown;
        switch (delivery.End)
        {
            case DeliveryEnd.Accepted:
                State = MailState.Sent;
                SentAt = now.ToUniversalTime();
                break;
            case DeliveryEnd.Refused:
                State = MailState.Bounced;
                break;
            case DeliveryEnd.Held:
                // Not counted as a try: the way out rests (mail_server), and this mail goes when it is open.
                State = MailState.Deferred;
                Attempts--;
                NextAttemptAt = now.ToUniversalTime();
                break;
            default:
                var wait = BackOff.After(Attempts);
                State = wait is null ? MailState.Dead : MailState.Deferred;
                NextAttemptAt = wait is null ? NextAttemptAt : now.ToUniversalTime() + wait.Value;
                break;
        }

        UntoldSince = State is MailState.Bounced or MailState.Dead ? now.ToUniversalTime() : null;
    }
}

internal sealed class MailMapping : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> builder) => builder.ToTable("outgoing_mail");
}
