using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Consultation.Web.Mailbox;

/// <summary>
/// The demo's mail server: takes what the dispatcher really sends over SMTP, on the loopback address only, and keeps it for the page
/// "送信したメール". Nothing leaves the machine.
/// </summary>
public sealed class DemoMailServer(TcpListener listener, NpgsqlDataSource source, ILogger<DemoMailServer> log) : BackgroundService
{
    private const int LargestMail = 10 * 1024 * 1024;

    /// <summary>Opens a free port and tells the sender's configuration which.</summary>
    public static TcpListener Listen(IConfiguration configuration)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        configuration["Mail:Host"] = IPAddress.Loopback.ToString();
        configuration["Mail:Port"] = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        return listener;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stoppingToken);
                _ = ServeAsync(client, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                await new Conversation(this, stream).RunAsync(cancellationToken);
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                log.LogDebug("A connection to the demo mailbox broke off: {Kind}", broken.GetType().Name);
            }
        }
    }

    private async Task<bool> KeepAsync(string sender, IReadOnlyCollection<string> recipients, byte[] raw, CancellationToken cancellationToken)
    {
        var mail = ReceivedMail.Parse(raw);
        try
        {
            await using var insert = source.CreateCommand("""
                insert into demo_mailbox (received_at, sender, recipients, message_id, subject, body, raw) values (app_now(), $1, $2, $3, $4, $5, $6)
                """);
            object[] values =
                [sender, string.Join(", ", recipients), mail.MessageId ?? (object)DBNull.Value, Storable(mail.Subject), Storable(mail.Body), raw];
            foreach (var value in values)
            {
                insert.Parameters.Add(new() { Value = value });
            }

            await insert.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException failure)
        {
            // The sender is told 451 and tries again: that is what its outbox is for.
            log.LogWarning("The demo mailbox could not keep a mail: {Kind} {State}", failure.GetType().Name, failure.SqlState);
            return false;
        }
    }

    private static string Storable(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>One client: RFC 5321 as far as a submitting client needs it.</summary>
    private sealed class Conversation(DemoMailServer server, NetworkStream stream)
    {
        private const int LongestLine = 64 * 1024;
        private readonly List<string> recipients = [];
        private readonly byte[] buffer = new byte[8192];
        private int read;
        private int at;
        private string? sender;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            await SayAsync("220 consultation demo mailbox", cancellationToken);
            while (await LineAsync(cancellationToken) is { } bytes)
            {
                var line = Encoding.UTF8.GetString(bytes);
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb == "QUIT")
                {
                    await SayAsync("221 bye", cancellationToken);
                    return;
                }

                await SayAsync(await AnswerAsync(verb, line, cancellationToken), cancellationToken);
            }
        }

        private async Task<string> AnswerAsync(string verb, string line, CancellationToken cancellationToken)
        {
            switch (verb)
            {
                case "EHLO":
                    Reset();
                    return $"250-consultation\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {LargestMail}";
                case "HELO" or "RSET":
                    Reset();
                    return "250 ok";
                case "NOOP":
                    return "250 ok";
                case "MAIL":
                    Reset();
                    sender = Address(line);
                    return "250 ok";
                case "RCPT" when sender is null:
                    return "503 MAIL first";
                case "RCPT":
                    recipients.Add(Address(line));
                    return "250 ok";
                case "DATA" when sender is null || recipients.Count == 0:
                    return "503 RCPT first";
                case "DATA":
                    return await TakeAsync(cancellationToken);
                default:
                    return "502 not here";
            }
        }

        private async Task<string> TakeAsync(CancellationToken cancellationToken)
        {
            await SayAsync("354 end with a dot", cancellationToken);
            using var mail = new MemoryStream();
            while (true)
            {
                var line = await LineAsync(cancellationToken) ?? throw new IOException("The client left within a mail.");
                if (line is [(byte)'.'])
                {
                    break;
                }

                if (mail.Length < LargestMail)
                {
                    mail.Write(line is [(byte)'.', ..] ? line.AsSpan(1) : line);
                    mail.Write("\r\n"u8);
                }
            }

            var (from, to) = (sender!, recipients.ToArray());
            Reset();
            return mail.Length >= LargestMail ? "552 too large"
                : await server.KeepAsync(from, to, mail.ToArray(), cancellationToken) ? "250 kept"
                : "451 try again";
        }

        private void Reset()
        {
            sender = null;
            recipients.Clear();
        }

        private static string Address(string line)
        {
            var (open, close) = (line.IndexOf('<', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
            return open >= 0 && close > open ? line[(open + 1)..close] : "";
        }

        /// <summary>The next line without its end; null when the client has left.</summary>
        private async Task<byte[]?> LineAsync(CancellationToken cancellationToken)
        {
            using var line = new MemoryStream();
            while (line.Length < LongestLine)
            {
                if (at == read)
                {
                    (read, at) = (await stream.ReadAsync(buffer, cancellationToken), 0);
                    if (read == 0)
                    {
                        return null;
                    }
                }

                var end = Array.IndexOf(buffer, (byte)'\n', at, read - at);
                line.Write(buffer, at, (end < 0 ? read : end) - at);
                at = end < 0 ? read : end + 1;
                if (end >= 0)
                {
                    var bytes = line.ToArray();
                    return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
                }
            }

            throw new IOException("A line of the client is too long.");
        }

        private ValueTask SayAsync(string text, CancellationToken cancellationToken) =>
            stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), cancellationToken);
    }
}
