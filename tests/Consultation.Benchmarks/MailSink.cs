using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consultation.Benchmarks;

/// <summary>A mail server that takes everything after a while for each mail, and remembers when it said 250 to whom. Costs little: it looks at nothing but the ends of lines.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private int taken;

    public MailSink()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How long it takes for one mail.</summary>
    public TimeSpan Takes { get; set; }

    public int Taken => Volatile.Read(ref taken);

    /// <summary>By recipient, the time stamp of the 250.</summary>
    public ConcurrentDictionary<string, long> At { get; } = new();

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Mail__Host"] = "127.0.0.1", ["Mail__Port"] = $"{Port}" };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var (recipient, inData) = ("", false);
        try
        {
            await SayAsync("220 sink");
            while (await reader.ReadLineAsync(stop.Token) is { } line)
            {
                if (inData)
                {
                    if (line == ".")
                    {
                        inData = false;
                        await Task.Delay(Takes, stop.Token);
                        At[recipient] = Stopwatch.GetTimestamp();
                        Interlocked.Increment(ref taken);
                        await SayAsync("250 kept");
                    }

                    continue;
                }

                if (line.StartsWith("RCPT", StringComparison.Ordinal))
                {
                    recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                }

                inData = line == "DATA";
                await SayAsync(inData ? "354 go ahead" : line == "QUIT" ? "221 bye" : "250 ok");
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException)
        {
            // The product hung up, or the measuring is over.
        }

        Task SayAsync(string said) => stream.WriteAsync(Encoding.ASCII.GetBytes(said + "\r\n"), stop.Token).AsTask();
    }
}
