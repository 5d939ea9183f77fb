namespace Consultation.Mail;

/// <summary>What became of one attempt to hand a mail to the server.</summary>
public enum DeliveryEnd
{
    /// <summary>The server took it (250 after the data).</summary>
    Accepted,

    /// <summary>Surely not taken, worth another try: 4xx, no connection.</summary>
    Deferred,

    /// <summary>
    /// Surely not taken, and no fault of the mail: the server does not offer what we need (sign-in, encryption) or wants what we did not bring. The mail keeps
    /// its patience and waits until somebody has mended it.
    /// </summary>
    Held,

    /// <summary>Refused for good (5xx).</summary>
    Refused,

    /// <summary>The connection broke after the server asked for the data: it may hold a copy (RFC 1047).</summary>
    Unknown,
}

/// <param name="Code">A reply code such as <c>smtp.450</c> or a word of ours; never the server's text, which may name people.</param>
/// <param name="BlamesRecipient">The refusal was about the address itself and not about us or the text.</param>
/// <param name="BlamesServer">Whatever mail it is, the server would not have taken it; otherwise a mail that was put off tells of its recipient's domain.</param>
public sealed record Delivery(DeliveryEnd End, string? Code = null, bool BlamesRecipient = false, bool BlamesServer = false);

/// <summary>One mail as it goes out.</summary>
/// <param name="Calendar">iCalendar for the recipient's calendar; several objects one after the other.</param>
public sealed record Envelope(string MessageId, string Recipient, string Subject, string Body, string? Calendar = null);

/// <summary>
/// The way mail leaves the house (a seam of design §10.8). Sends one mail, bounded in time, and tells what became of it; a failure is an
/// answer and never an exception.
/// </summary>
public interface IMailTransport
{
    /// <summary>False where no server is configured: mail waits.</summary>
    bool IsConfigured { get; }

    Task<Delivery> SendAsync(Envelope mail);

    /// <summary>Nothing is left to send: closes the connections that are kept open between two mails.</summary>
    void HangUp();
}
