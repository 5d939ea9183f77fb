using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Consultation.Benchmarks;

/// <summary>What a server answered; the body stays valid until the next exchange on the same line.</summary>
internal readonly ref struct Reply(int status, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
{
    public int Status { get; } = status;
    public ReadOnlySpan<byte> Head { get; } = head;
    public ReadOnlySpan<byte> Body { get; } = body;

    public string? Header(string name)
    {
        var at = Head.IndexOf(Encoding.ASCII.GetBytes($"\r\n{name}: "));
        if (at < 0)
        {
            return null;
        }

        var rest = Head[(at + name.Length + 4)..];
        var end = rest.IndexOf("\r\n"u8);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>
/// One kept-alive HTTP/1.1 connection with blocking calls. The client runs on the same two cores as what it measures, so it must cost little:
/// requests are ready-made bytes, and of an answer only the status, the length and what an operation asks for are looked at.
/// </summary>
internal sealed class Line : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    public Line(int port)
    {
        Port = port;
        socket.ReceiveTimeout = 60_000;
        socket.Connect(IPAddress.Loopback, port);
    }

    public int Port { get; }

    public Reply Exchange(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[socket.Send(request)..];
        }

        filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Fill();
        }

        var head = buffer.AsSpan(0, end);
        var status = int.Parse(head.Slice(9, 3), CultureInfo.InvariantCulture);
        var from = end + 4;
        var length = head.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0 ? Chunks(from) : Counted(head, from);
        return new(status, buffer.AsSpan(0, end), buffer.AsSpan(from, length));
    }

    public void Dispose() => socket.Dispose();

    private int Counted(ReadOnlySpan<byte> head, int from)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
        {
            return 0;
        }

        var digits = head[(at + 18)..];
        var stop = digits.IndexOf((byte)'\r');
        var length = int.Parse(stop < 0 ? digits : digits[..stop], CultureInfo.InvariantCulture);
        while (filled < from + length)
        {
            Fill();
        }

        return length;
    }

    /// <summary>Puts the chunks together in place; returns how long the body is.</summary>
    private int Chunks(int from)
    {
        var (read, write) = (from, from);
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(read, filled - read).IndexOf("\r\n"u8)) < 0)
            {
                Fill();
            }

            var size = int.Parse(buffer.AsSpan(read, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            read += line + 2;
            while (filled < read + size + 2)
            {
                Fill();
            }

            if (size == 0)
            {
                return write - from;
            }

            buffer.AsSpan(read, size).CopyTo(buffer.AsSpan(write));
            write += size;
            read += size + 2;
        }
    }

    private void Fill()
    {
        if (filled == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var got = socket.Receive(buffer.AsSpan(filled));
        filled += got > 0 ? got : throw new IOException($"Port {Port} closed the connection within an answer.");
    }
}
