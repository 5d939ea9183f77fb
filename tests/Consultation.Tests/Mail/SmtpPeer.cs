using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Consultation.Tests.Mail;

/// <summary>What the peer does in one connection, and otherwise behaves.</summary>
/// <param name="Greeting">Its first line.</param>
/// <param name="SilentAt">The command (or the dot) after which it says nothing any more.</param>
/// <param name="HalfClosesAt">The command (or the dot, or the greeting) at which it ends its side of the connection and goes on listening.</param>
/// <param name="Drip">How long it takes for each letter.</param>
/// <param name="Greets">False: it accepts the connection and never says a word (tarpit).</param>
/// <param name="Recipient">Its reply to RCPT TO.</param>
/// <param name="End">Its reply after the final dot; null cuts the connection there.</param>
/// <param name="Before">Runs after the data have come and before the reply: a moment to interfere in.</param>
public sealed record SmtpScript(bool Greets = true, string Sender = "250 ok", string Recipient = "250 ok", string Data = "354 go ahead", string? End = "250 kept", Func<Task>? Before = null,
    string Greeting = "220 peer ready", string Auth = "235 welcome", string? SilentAt = null, string? HalfClosesAt = null, TimeSpan? Drip = null);

public sealed record SmtpMail(string MessageId, string Recipient, string Subject, string Body, string Raw);

/// <summary>A mail server on a real socket that does what a test tells it, one script a connection, then behaves.</summary>
public sealed partial class SmtpPeer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SmtpScript> scripts = new();
    private readonly ConcurrentBag<Task> conversations = [];
    private readonly Task accepting;
    private bool gone;
    private readonly X509Certificate2? certificate;

    /// <param name="certificate">With one it offers STARTTLS.</param>
    public SmtpPeer(bool offersAuth = false, X509Certificate2? certificate = null)
    {
        OffersAuth = offersAuth;
        this.certificate = certificate;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool OffersAuth { get; }

    /// <summary>What the peer said 250 to.</summary>
    public ConcurrentQueue<SmtpMail> Kept { get; } = new();

    /// <summary>Every mail whose final dot it saw, whatever it said then.</summary>
    public ConcurrentQueue<SmtpMail> Seen { get; } = new();

    public ConcurrentQueue<string> Commands { get; } = new();

    public int MostAtOnce { get; private set; }

    /// <summary>How many connections came.</summary>
    public int Connections { get; private set; }

    /// <summary>After so many mails it lets a connection go without a word.</summary>
    public int LetsGoAfter { get; set; } = int.MaxValue;

    /// <summary>Its reply to RCPT TO by the address; null for the script's.</summary>
    public Func<string, string?> Answers { get; set; } = _ => null;

    public void Then(SmtpScript script) => scripts.Enqueue(script);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref gone, true))
        {
            return;
        }

        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(conversations).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            conversations.Add(ServeAsync(client, scripts.TryDequeue(out var script) ? script : new()));
        }
    }

    private int atOnce;

    private async Task ServeAsync(TcpClient client, SmtpScript script)
    {
        using var _ = client;
        lock (Kept)
        {
            Connections++;
            MostAtOnce = Math.Max(MostAtOnce, ++atOnce);
        }

        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            if (!script.Greets)
            {
                await Task.Delay(Timeout.Infinite, stop.Token);
            }

            await TalkAsync(script, reader, new(client, stream, script, stop.Token));
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            // The product hung up, as some scripts make it.
        }
        finally
        {
            lock (Kept)
            {
                atOnce--;
            }
        }
    }

    private async Task TalkAsync(SmtpScript script, StreamReader reader, Mouth mouth)
    {
        var (recipient, taken) = ("", 0);
        if (!await mouth.IsOpenAtAsync("greeting"))
        {
            return;
        }

        await mouth.SayAsync(script.Greeting);
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            Commands.Enqueue(line);
            var command = line.Split(' ', ':')[0].ToUpperInvariant();
            if (!await mouth.IsOpenAtAsync(command))
            {
                return;
            }

            switch (command)
            {
                case "EHLO":
                    await mouth.SayAsync(string.Join("\r\n", ["250-peer", .. certificate is null ? Array.Empty<string>() : ["250-STARTTLS"], OffersAuth ? "250 AUTH LOGIN" : "250 HELP"]));
                    break;
                case "STARTTLS":
                    await mouth.SayAsync("220 go ahead");
                    await using (var tls = new SslStream(mouth.Stream))
                    {
                        await tls.AuthenticateAsServerAsync(certificate!);
                        // Nobody who looks at this certificate goes on; whoever does is seen here.
                        using var inside = new StreamReader(tls, Encoding.Latin1);
                        while (await inside.ReadLineAsync(stop.Token) is { } said)
                        {
                            Commands.Enqueue(said);
                        }
                    }

                    return;
                case "AUTH":
                    if (line.Split(' ').Length < 3)
                    {
                        await mouth.SayAsync("334 VXNlcm5hbWU6");
                        await reader.ReadLineAsync(stop.Token);
                    }

                    await mouth.SayAsync("334 UGFzc3dvcmQ6");
                    await reader.ReadLineAsync(stop.Token);
                    await mouth.SayAsync(script.Auth);
                    break;
                case "MAIL":
                    await mouth.SayAsync(script.Sender);
                    break;
                case "RCPT":
                    recipient = Address().Match(line).Groups[1].Value;
                    await mouth.SayAsync(Answers(recipient) ?? script.Recipient);
                    break;
                case "DATA":
                    await mouth.SayAsync(script.Data);
                    if (script.Data.StartsWith('3') && (!await TakeAsync(script, recipient, reader, mouth) || ++taken >= LetsGoAfter))
                    {
                        return;
                    }

                    break;
                case "QUIT":
                    await mouth.SayAsync("221 bye");
                    return;
                default:
                    await mouth.SayAsync("250 ok");
                    break;
            }
        }
    }

    private async Task<bool> TakeAsync(SmtpScript script, string recipient, StreamReader reader, Mouth mouth)
    {
        var raw = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            if (line == ".")
            {
                var mail = Read(recipient, raw.ToString());
                Seen.Enqueue(mail);
                await (script.Before?.Invoke() ?? Task.CompletedTask);
                if (script.End is null || !await mouth.IsOpenAtAsync("."))
                {
                    return false;
                }

                if (script.End.StartsWith('2'))
                {
                    Kept.Enqueue(mail);
                }

                await mouth.SayAsync(script.End);
                return true;
            }

            raw.Append(line).Append("\r\n");
        }

        return false;
    }

    /// <summary>Its side of one connection.</summary>
    private sealed class Mouth(TcpClient client, NetworkStream stream, SmtpScript script, CancellationToken stop)
    {
        public NetworkStream Stream => stream;

        public async Task SayAsync(string line)
        {
            foreach (var part in script.Drip is null ? [line + "\r\n"] : (line + "\r\n").Select(letter => letter.ToString()))
            {
                await Task.Delay(script.Drip ?? TimeSpan.Zero, stop);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(part), stop);
            }
        }

        /// <summary>Whether it still answers at this point of the conversation.</summary>
        public async Task<bool> IsOpenAtAsync(string point)
        {
            if (point == script.SilentAt)
            {
                await Task.Delay(Timeout.Infinite, stop);
            }

            if (point == script.HalfClosesAt)
            {
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(System.IO.Stream.Null, stop);
                return false;
            }

            return true;
        }
    }

    private static SmtpMail Read(string recipient, string raw)
    {
        var split = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var headers = Fold().Replace(raw[..split], " ");
        var body = raw[(split + 4)..];
        var isBase64 = headers.Contains("Content-Transfer-Encoding: base64", StringComparison.OrdinalIgnoreCase);
        return new(Header(headers, "Message-ID"), recipient, Words(Header(headers, "Subject")), isBase64 ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : body, raw);
    }

    private static string Header(string headers, string name) =>
        Regex.Match(headers, $"^{name}: (.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase).Groups[1].Value.TrimEnd('\r');

    private static string Words(string header) => EncodedWord().Replace(Between().Replace(header, "?==?"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Address();

    [GeneratedRegex("\r\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"\?=\s+=\?")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?utf-8\?B\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();
}
