using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Consultation.Faults;

/// <summary>
/// A wire that can be cut at the worst moment: it hands on what both sides say, shows it to whoever decides, and cuts both sides where told to.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> wires = [];
    private readonly int target;
    private readonly Func<WireJudge> judge;
    private readonly Task accepting;

    /// <param name="judge">A new one for each connection.</param>
    public TcpProxy(int target, Func<WireJudge> judge)
    {
        (this.target, this.judge) = (target, judge);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(wires).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            wires.Add(WireAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
    }

    private async Task WireAsync(TcpClient caller)
    {
        using var near = caller;
        using var far = new TcpClient();
        near.NoDelay = far.NoDelay = true;
        var of = judge();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            // Whichever side ends first ends both.
            await Task.WhenAny(CarryAsync(near, far, of.Asked), CarryAsync(far, near, of.Answered));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
        }

        // A reset and not a farewell: the other side is to learn nothing.
        foreach (var side in new[] { near, far })
        {
            side.LingerState = new(true, 0);
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, Wire> look)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var read and > 0)
            {
                var piece = buffer.AsMemory(0, read);
                switch (look(piece))
                {
                    case Wire.CutBefore:
                        return;
                    case Wire.Carry:
                        await to.GetStream().WriteAsync(piece, stop.Token);
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One of them hung up or was killed.
        }
    }
}

/// <summary>What becomes of a piece: handed on, or cut before it gets there.</summary>
internal enum Wire { Carry, CutBefore }

/// <summary>Looks at what goes over one connection.</summary>
internal abstract class WireJudge
{
    public abstract Wire Asked(ReadOnlyMemory<byte> piece);

    public abstract Wire Answered(ReadOnlyMemory<byte> piece);
}

/// <summary>
/// PostgreSQL's protocol: of the commits a share by the seed never gets its answer (the database did it and nobody heard), and a smaller one never gets there at all.
/// </summary>
/// <param name="isWhole">The wire is mended: nothing is lost any more.</param>
internal sealed class CommitJudge(Random random, Lock gate, Func<bool> isWhole, Findings findings) : WireJudge
{
    /// <summary>Simple query, nine bytes of text with its end: what the driver sends for a commit.</summary>
    private static readonly byte[] Commit = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];
    private static readonly byte[] Done = [.. "COMMIT\0"u8];
    private bool answerIsLost;

    public override Wire Asked(ReadOnlyMemory<byte> piece)
    {
        if (piece.Span.IndexOf(Commit) < 0 || isWhole())
        {
            return Wire.Carry;
        }

        int dice;
        lock (gate)
        {
            dice = random.Next(100);
        }

        if (dice < 3)
        {
            findings.Count("cut before COMMIT");
            return Wire.CutBefore;
        }

        answerIsLost = dice < 12;
        return Wire.Carry;
    }

    public override Wire Answered(ReadOnlyMemory<byte> piece)
    {
        if (!answerIsLost || piece.Span.IndexOf(Done) < 0)
        {
            return Wire.Carry;
        }

        findings.Count("COMMIT done, answer lost");
        return Wire.CutBefore;
    }
}

/// <summary>HTTP: of the answers a share by the seed never reaches the client, after the server has done what was asked.</summary>
internal sealed class AnswerJudge(Random random, Lock gate, Findings findings) : WireJudge
{
    private bool isPost;

    public override Wire Asked(ReadOnlyMemory<byte> piece)
    {
        isPost |= piece.Span.StartsWith("POST "u8);
        return Wire.Carry;
    }

    public override Wire Answered(ReadOnlyMemory<byte> piece)
    {
        if (!isPost)
        {
            return Wire.Carry;
        }

        isPost = false;
        lock (gate)
        {
            if (random.Next(100) >= 10)
            {
                return Wire.Carry;
            }
        }

        findings.Count("HTTP answer lost");
        return Wire.CutBefore;
    }
}
