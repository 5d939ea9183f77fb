using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Consultation.Reference;

namespace Consultation.Mail;

/// <summary>
/// Mail over SMTP by the library of the platform. Plain text in UTF-8, beside it a calendar where there is one, one recipient, our own Message-ID. Two things the library does not
/// say are found out through what it asks us for: it reads the text only after the server's 354, so a break later may have left a copy
/// behind; and it sends without signing in, in silence, when the server offers no way to (AUTH), which we refuse. A connection that has taken a mail is kept for the next.
/// </summary>
public sealed class SmtpMailTransport(MailSettings settings) : IMailTransport, IDisposable
{
    // Servers count the mails of a connection and let none stand for long; what is younger and has carried less may be used again.
    private const int MostOnOne = 50;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>A connection that does not even come about is not broken off by the library; we no longer wait for it then.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    // Wrong passwords, missing encryption and the like are our fault: no client is to be called for it, and the mail waits until it is mended.
    private static readonly Range OwnFaults = 530..540;

    private readonly ConcurrentBag<Line> idle = [];

    public bool IsConfigured => settings.Host is not null;

    public async Task<Delivery> SendAsync(Envelope mail)
    {
        if (!EmailAddress.IsWellFormed(mail.Recipient))
        {
            return new(DeliveryEnd.Refused, "mail.bad_address", BlamesRecipient: true);
        }

        using var patience = new CancellationTokenSource(settings.PatienceForOne);
        var line = Kept() ?? new Line(settings);
        var (delivery, wasStale) = await SendAsync(mail, line, patience.Token);
        // The server let a kept connection go before it heard of this mail; that is no try.
        return wasStale ? (await SendAsync(mail, new Line(settings), patience.Token)).Delivery : delivery;
    }

    public void HangUp()
    {
        while (idle.TryTake(out var line))
        {
            line.Dispose();
        }
    }

    public void Dispose() => HangUp();

    private Line? Kept()
    {
        while (idle.TryTake(out var line))
        {
            if (line.Carried < MostOnOne && line.IdleFor < Idle)
            {
                return line;
            }

            line.Dispose();
        }

        return null;
    }

    private async Task<(Delivery Delivery, bool WasStale)> SendAsync(Envelope mail, Line line, CancellationToken patience)
    {
        using var text = new WatchedText(Encoding.UTF8.GetBytes(mail.Body.ReplaceLineEndings("\r\n")), line.SignIn);
        try
        {
            using var message = Message(mail, text);
            await line.SendAsync(message, settings.PatienceForOne + Grace, patience);
            if (patience.IsCancellationRequested)
            {
                line.Dispose();
            }
            else
            {
                idle.Add(line);
            }

            return (new(DeliveryEnd.Accepted), false);
        }
        catch (Exception failure)
        {
            var isStale = line.Carried > 0 && !text.WasRead && !patience.IsCancellationRequested && failure is not SmtpFailedRecipientException
                && failure is not SmtpException { StatusCode: >= (SmtpStatusCode)422 and < (SmtpStatusCode)600 };
            line.Dispose();
            return (Judge(failure, text, line, patience.IsCancellationRequested || failure is TimeoutException), isStale);
        }
    }

    private MailMessage Message(Envelope mail, Stream text)
    {
        var message = new MailMessage
        {
            From = new(settings.Sender, settings.SenderName, Encoding.UTF8),
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.Recipient));
        message.Headers.Add("Message-ID", mail.MessageId);
        // Out-of-office replies must not answer us (RFC 3834, and the header that Exchange heeds instead).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        message.AlternateViews.Add(new(text, new ContentType("text/plain; charset=utf-8")) { TransferEncoding = TransferEncoding.Base64 });
        var calendars = CalendarObject.Split(mail.Calendar);
        foreach (var (calendar, at) in calendars.Select((calendar, at) => (calendar, at)))
        {
            AddCalendar(message, calendar, calendars.Count == 1, at + 1);
        }

        return message;
    }

    /// <summary>
    /// One date stands beside the text, where calendars take it from (RFC 6047), and as a file for programs that do not look there; several dates
    /// are files only, because a calendar reads one and drops the others.
    /// </summary>
    private static void AddCalendar(MailMessage message, string calendar, bool alone, int number)
    {
        var (bytes, method) = (Encoding.UTF8.GetBytes(calendar), CalendarObject.MethodOf(calendar));
        if (alone)
        {
            message.AlternateViews.Add(new(new MemoryStream(bytes, writable: false), new ContentType($"text/calendar; charset=utf-8; method={method}")) { TransferEncoding = TransferEncoding.Base64 });
        }

        var file = new Attachment(new MemoryStream(bytes, writable: false), new ContentType(alone ? "application/ics" : $"text/calendar; charset=utf-8; method={method}"))
        {
            Name = alone ? "invite.ics" : $"invite-{number}.ics",
            TransferEncoding = TransferEncoding.Base64,
        };
        message.Attachments.Add(file);
    }

    private Delivery Judge(Exception failure, WatchedText text, Line line, bool outOfPatience)
    {
        if (text.IsRefused)
        {
            return new(DeliveryEnd.Held, "smtp.no_auth", BlamesServer: true);
        }

        if (failure is SmtpException { StatusCode: >= (SmtpStatusCode)400 and < (SmtpStatusCode)600 } reply)
        {
            var code = (int)reply.StatusCode;
            // Neither to this recipient nor to this text: to whoever comes. Of the replies to RCPT the library has an exception of its own for a few only; where the others
            // come from is told by who throws.
            var toAnybody = reply is not SmtpFailedRecipientException && reply.TargetSite?.DeclaringType?.Name != "RecipientCommand" && !text.WasRead;
            return code >= OwnFaults.Start.Value && code < OwnFaults.End.Value ? new(DeliveryEnd.Held, $"smtp.{code}", BlamesServer: true)
                : code < 500 || toAnybody ? new(DeliveryEnd.Deferred, $"smtp.{code}", BlamesServer: toAnybody)
                : new(DeliveryEnd.Refused, $"smtp.{code}", BlamesRecipient: reply is SmtpFailedRecipientException);
        }

        if (!text.WasRead && !outOfPatience)
        {
            // The library says in prose only that encryption is not offered; it says so before it asks for the password.
            if (settings.RequireTls && failure is SmtpException { InnerException: null, StatusCode: SmtpStatusCode.GeneralFailure } && line.SignIn is not { WasAsked: true })
            {
                return new(DeliveryEnd.Held, "smtp.no_tls", BlamesServer: true);
            }

            switch (Kind(failure))
            {
                case "smtp.tls_failed":
                    return new(DeliveryEnd.Held, "smtp.tls_failed", BlamesServer: true);
                case "smtp.no_connection":
                    return new(DeliveryEnd.Deferred, "smtp.no_connection", BlamesServer: true);
            }
        }

        return new(text.WasRead ? DeliveryEnd.Unknown : DeliveryEnd.Deferred, outOfPatience ? "smtp.timeout" : Kind(failure));
    }

    private static string Kind(Exception failure) => failure switch
    {
        SocketException or { InnerException: SocketException } => "smtp.no_connection",
        AuthenticationException or { InnerException: AuthenticationException } => "smtp.tls_failed",
        IOException or { InnerException: IOException } => "smtp.broken_off",
        _ => $"smtp.{failure.GetBaseException().GetType().Name}",
    };

    /// <summary>One connection, made with the first mail. The library makes it and keeps it with its client; it may carry one mail at a time.</summary>
    private sealed class Line : IDisposable
    {
        private readonly SmtpClient client;
        private long since = Stopwatch.GetTimestamp();

        public Line(MailSettings settings)
        {
            SignIn = settings.User is null ? null : new(settings.User, settings.Password!);
            client = new(settings.Host, settings.Port) { Timeout = int.MaxValue, EnableSsl = settings.RequireTls, UseDefaultCredentials = false, Credentials = SignIn };
        }

        public SignIn? SignIn { get; }

        public int Carried { get; private set; }

        public TimeSpan IdleFor => Stopwatch.GetElapsedTime(since);

        /// <summary>
        /// On a thread of its own: also the library's asynchronous way waits for the server's last word (250) on the thread it runs on, and some slow servers would take
        /// all threads of the pool from the pages.
        /// </summary>
        public async Task SendAsync(MailMessage message, TimeSpan most, CancellationToken patience)
        {
            await using (patience.Register(client.Dispose))
            {
                await Task.Factory.StartNew(() => client.Send(message), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)
                    .WaitAsync(most, CancellationToken.None);
            }

            Carried++;
            since = Stopwatch.GetTimestamp();
        }

        public void Dispose() => client.Dispose();
    }

    /// <summary>Our name and password, and whether anybody asked for them.</summary>
    private sealed class SignIn(string user, string password) : ICredentialsByHost
    {
        public bool WasAsked { get; private set; }

        public NetworkCredential GetCredential(string host, int port, string authenticationType)
        {
            WasAsked = true;
            return new(user, password);
        }
    }

    /// <summary>The text of the mail, which notices when it is read and is not given to a server we are not signed in at.</summary>
    private sealed class WatchedText(byte[] content, SignIn? signIn) : MemoryStream(content, writable: false)
    {
        public bool WasRead { get; private set; }

        public bool IsRefused { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Watch();
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Watch();
            return base.Read(buffer);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Watch();
            return base.ReadAsync(buffer, offset, count, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Watch();
            return base.ReadAsync(buffer, cancellationToken);
        }

        public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state)
        {
            Watch();
            return base.BeginRead(buffer, offset, count, callback, state);
        }

        private void Watch()
        {
            WasRead = true;
            if (signIn is { WasAsked: false })
            {
                IsRefused = true;
                throw new AuthenticationException("The server offers no way to sign in.");
            }
        }
    }
}
