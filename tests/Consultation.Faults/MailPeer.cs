using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Consultation.Faults;

/// <summary>A moment of a conversation, before the peer answers; the last one after it said that it has the mail.</summary>
internal enum MailStep { Connect, Ehlo, Mail, Rcpt, Data, Dot, Kept }

/// <summary>A mail whose final dot the peer saw.</summary>
internal sealed class MailCopy(int conversation, string messageId, string recipient, string script, DateTimeOffset began, bool isKept)
{
    public int Conversation => conversation;

    public string MessageId => messageId;

    public string Recipient => recipient;

    public string Script => script;

    /// <summary>When the peer said that it would take the data.</summary>
    public DateTimeOffset Began { get; } = began;

    public DateTimeOffset Ended { get; set; } = began;

    /// <summary>Its recipient will read it.</summary>
    public bool IsKept => isKept;

    /// <summary>The sender was told that it is kept.</summary>
    public bool IsSaid { get; set; }

    /// <summary>The sender went on in the dialogue after it was told: it has heard it.</summary>
    public bool IsHeard { get; set; }
}

/// <summary>
/// The mail server of a run, on a real socket, with TLS and sign-in: what it does in a conversation is written in a script. It keeps account of every mail it
/// has seen.
/// </summary>
internal sealed partial class MailPeer : IAsyncDisposable
{
    public const string User = "desk";
    public const string Password = "faults";
    private static readonly Lazy<(X509Certificate2 Certificate, string Pem)> Identity = new(Identify);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> conversations = [];
    private readonly ConcurrentQueue<MailCopy> copies = new();
    private readonly ConcurrentDictionary<string, string> refused = new();
    private readonly ConcurrentDictionary<string, int> played = new();
    private readonly Func<MailScript> next;
    private readonly Task accepting;
    private int begun;

    /// <param name="next">What to do in the next conversation.</param>
    public MailPeer(Func<MailScript> next)
    {
        this.next = next;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>A moment to interfere in: the step, the number of the conversation, whom the mail is for where that is known.</summary>
    public Func<MailStep, int, string, Task>? At { get; set; }

    public IReadOnlyCollection<MailCopy> Copies => copies;

    /// <summary>Whose mail was refused for good.</summary>
    public bool HasRefused(string recipient) => refused.ContainsKey(recipient);

    public int Conversations => begun;

    /// <summary>How often each script was played.</summary>
    public IReadOnlyDictionary<string, int> Played => played;

    /// <summary>How a worker is told of this server. It trusts its certificate because it is named as the only root.</summary>
    /// <param name="folder">Where the certificate may be written.</param>
    public Dictionary<string, string> SettingsIn(string folder, double patience)
    {
        var file = Path.Combine(folder, "mail-peer.pem");
        File.WriteAllText(file, Identity.Value.Pem);
        return new()
        {
            ["Mail__Host"] = "localhost",
            ["Mail__Port"] = $"{Port}",
            ["Mail__RequireTls"] = "true",
            ["Mail__User"] = User,
            ["Mail__Password"] = Password,
            ["Mail__TimeoutSeconds"] = FormattableString.Invariant($"{patience}"),
            ["SSL_CERT_FILE"] = file,
        };
    }

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
            conversations.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var script = next();
        played.AddOrUpdate(script.Name, 1, (_, times) => times + 1);
        var conversation = Interlocked.Increment(ref begun);
        try
        {
            await using var wire = client.GetStream();
            await AtAsync(MailStep.Connect, conversation, "");
            if (!script.Greets)
            {
                // Waits until the other side has had enough.
                await wire.ReadExactlyAsync(new byte[1], stop.Token);
                return;
            }

            await new Conversation(this, script, conversation, client.Client, wire).RunAsync(stop.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The sender was killed, gave up or hung up, as some scripts make it.
        }
    }

    private Task AtAsync(MailStep step, int conversation, string recipient) => At?.Invoke(step, conversation, recipient) ?? Task.CompletedTask;

    private static (X509Certificate2 Certificate, string Pem) Identify()
    {
        using var key = RSA.Create(2048);
        var wanted = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        wanted.CertificateExtensions.Add(names.Build());
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = wanted.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return (certificate, certificate.ExportCertificatePem());
    }

    [GeneratedRegex("<([^>]*)>")]
    private static partial Regex Address();

    [GeneratedRegex(@"^Message-ID:\s*(<[^>]*>)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Identifier();

    private sealed class Conversation(MailPeer peer, MailScript script, int number, Socket socket, Stream wire)
    {
        private Stream stream = wire;
        private StreamReader reader = new(wire, Encoding.Latin1);
        private bool isSafe;
        private string recipient = "";
        private MailCopy? last;

        public async Task RunAsync(CancellationToken end)
        {
            await SayAsync("220 peer", end);
            while (await reader.ReadLineAsync(end) is { } line)
            {
                if (last is { IsSaid: true })
                {
                    last.IsHeard = true;
                }

                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await peer.AtAsync(MailStep.Ehlo, number, "");
                        await SayAsync((isSafe || !script.OffersTls, script.OffersAuth) switch
                        {
                            (false, _) => "250-peer\r\n250 STARTTLS",
                            (true, true) => "250-peer\r\n250 AUTH LOGIN",
                            (true, false) => "250 peer",
                        }, end);
                        break;
                    case "STARTTLS":
                        await SayAsync("220 go ahead", end);
                        var safe = new SslStream(stream);
                        await safe.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Identity.Value.Certificate }, end);
                        (stream, reader, isSafe) = (safe, new(safe, Encoding.Latin1), true);
                        break;
                    case "AUTH":
                        await SignInAsync(line, end);
                        break;
                    case "MAIL":
                        await peer.AtAsync(MailStep.Mail, number, "");
                        await SayAsync(script.Mail, end);
                        break;
                    case "RCPT":
                        recipient = Address().Match(line).Groups[1].Value;
                        await peer.AtAsync(MailStep.Rcpt, number, recipient);
                        await RefuseOrSayAsync(script.RefusesOnly is { } only && only != recipient ? "250 ok" : script.Rcpt, end);
                        break;
                    case "DATA":
                        await peer.AtAsync(MailStep.Data, number, recipient);
                        await SayAsync(script.Data, end);
                        if (script.Data.StartsWith('3') && !await TakeAsync(end))
                        {
                            return;
                        }

                        break;
                    case "QUIT":
                        await SayAsync("221 bye", end);
                        return;
                    default:
                        await SayAsync("250 ok", end);
                        break;
                }
            }
        }

        /// <summary>False where the script ends the conversation here.</summary>
        private async Task<bool> TakeAsync(CancellationToken end)
        {
            var began = TimeProvider.System.GetUtcNow();
            var raw = new StringBuilder();
            while (await reader.ReadLineAsync(end) is { } line)
            {
                if (line != ".")
                {
                    raw.Append(line).Append('\n');
                    continue;
                }

                var id = Identifier().Match(raw.ToString()).Groups[1].Value;
                var says = script.End;
                // Before the answer: who is killed at this very moment has left its mail here. What is kept without a word is what RFC 1047 is about.
                last = new(number, id, recipient, script.Name, began, says?.StartsWith('2') ?? script.KeepsUnsaid);
                peer.copies.Enqueue(last);
                try
                {
                    await peer.AtAsync(MailStep.Dot, number, recipient);
                    if (says is null)
                    {
                        await GoSilentlyAsync(end);
                        return false;
                    }

                    await RefuseOrSayAsync(says, end);
                    last.IsSaid = last.IsKept;
                    await peer.AtAsync(MailStep.Kept, number, recipient);
                    return true;
                }
                finally
                {
                    last.Ended = TimeProvider.System.GetUtcNow();
                }
            }

            return false;
        }

        private async Task GoSilentlyAsync(CancellationToken end)
        {
            if (script.HalfCloses)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            if (script.IsSilent || script.HalfCloses)
            {
                while (await stream.ReadAsync(new byte[256], end) > 0)
                {
                }
            }
        }

        private async Task SignInAsync(string line, CancellationToken end)
        {
            if (line.Split(' ').Length < 3)
            {
                await SayAsync("334 VXNlcm5hbWU6", end);
                await reader.ReadLineAsync(end);
            }

            await SayAsync("334 UGFzc3dvcmQ6", end);
            var given = Encoding.ASCII.GetString(Convert.FromBase64String(await reader.ReadLineAsync(end) ?? ""));
            await SayAsync(given == Password ? "235 welcome" : "535 no", end);
        }

        private Task RefuseOrSayAsync(string reply, CancellationToken end)
        {
            if (reply.StartsWith('5'))
            {
                peer.refused.TryAdd(recipient, reply);
            }

            return SayAsync(reply, end);
        }

        private async Task SayAsync(string line, CancellationToken end)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), end);
            await stream.FlushAsync(end);
        }
    }
}
