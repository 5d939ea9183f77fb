using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Consultation.Tests.Mail;

/// <summary>What the peer does in one connection, and otherwise behaves.</summary>
/// <param name="Greets">False: it accepts the connection and never says a word (tarpit).</param>
/// <param name="Recipient">Its reply to RCPT TO.</param>
/// <param name="End">Its reply after the final dot; null cuts the connection there.</param>
/// <param name="Before">Runs after the data have come and before the reply: a moment to interfere in.</param>
public sealed record SmtpScript(bool Greets = true, string Sender = "250 ok", string Recipient = "250 ok", string Data = "354 go ahead", string? End = "250 kept", Func<Task>? Before = null);

public sealed record SmtpMail(string MessageId, string Recipient, string Subject, string Body, string Raw);

/// <summary>A mail server on a real socket that does what a test tells it, one script a connection, then behaves.</summary>
public sealed partial class SmtpPeer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<SmtpScript> scripts = new();
    private readonly ConcurrentBag<Task> conversations = [];
    private readonly Task accepting;

    public SmtpPeer(bool offersAuth = false)
    {
        OffersAuth = offersAuth;
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

    public void Then(SmtpScript script) => scripts.Enqueue(script);

    public async ValueTask DisposeAsync()
    {
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

            await TalkAsync(script, reader, line => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token).AsTask());
        }
        catch (IOException)
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

    private async Task TalkAsync(SmtpScript script, StreamReader reader, Func<string, Task> say)
    {
        var recipient = "";
        await say("220 peer ready");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            Commands.Enqueue(line);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await say(OffersAuth ? "250-peer\r\n250 AUTH LOGIN" : "250 peer");
                    break;
                case "AUTH":
                    if (line.Split(' ').Length < 3)
                    {
                        await say("334 VXNlcm5hbWU6");
                        await reader.ReadLineAsync(stop.Token);
                    }

                    await say("334 UGFzc3dvcmQ6");
                    await reader.ReadLineAsync(stop.Token);
                    await say("235 welcome");
                    break;
                case "MAIL":
                    await say(script.Sender);
                    break;
                case "RCPT":
                    recipient = Address().Match(line).Groups[1].Value;
                    await say(script.Recipient);
                    break;
                case "DATA":
                    await say(script.Data);
                    if (script.Data.StartsWith('3') && !await TakeAsync(script, recipient, reader, say))
                    {
                        return;
                    }

                    break;
                case "QUIT":
                    await say("221 bye");
                    return;
                default:
                    await say("250 ok");
                    break;
            }
        }
    }

    private async Task<bool> TakeAsync(SmtpScript script, string recipient, StreamReader reader, Func<string, Task> say)
    {
        var raw = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            if (line == ".")
            {
                var mail = Read(recipient, raw.ToString());
                Seen.Enqueue(mail);
                await (script.Before?.Invoke() ?? Task.CompletedTask);
                if (script.End is null)
                {
                    return false;
                }

                if (script.End.StartsWith('2'))
                {
                    Kept.Enqueue(mail);
                }

                await say(script.End);
                return true;
            }

            raw.Append(line).Append("\r\n");
        }

        return false;
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
