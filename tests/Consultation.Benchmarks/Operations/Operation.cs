using System.Text;

namespace Consultation.Benchmarks;

/// <summary>Who is asked, and for what: the bare endpoint also for the same answer, where it usually gives a lesser one.</summary>
internal enum Side { Product, Baseline, BaselineSame }

/// <summary>One turn of a client; false when there is nothing left to do it on.</summary>
internal delegate bool Turn();

/// <summary>
/// Something people do all day, as requests over one line. Both servers get the same requests; every answer is checked, because a fast refusal
/// would look like speed.
/// </summary>
internal abstract class Operation
{
    public abstract string Name { get; }

    /// <summary>The product alone where a bare endpoint has nothing to set against it.</summary>
    public virtual IReadOnlyList<Side> Sides => [Side.Product, Side.Baseline];

    /// <summary>What must be known or made before; not measured.</summary>
    public virtual Task PrepareAsync(Scene scene) => Task.CompletedTask;

    public abstract Turn Begin(Scene scene, Side side, Line line, int client);

    protected static byte[] Request(Scene scene, Line line, string method, string path, string? body = null, string? etag = null, string? cookie = null, string? token = null)
    {
        var bytes = body is null ? 0 : Encoding.UTF8.GetByteCount(body);
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{line.Port}\r\n");
        head.Append(cookie is null ? $"Authorization: Bearer {token ?? scene.Callers.CentreToken}\r\n" : $"Cookie: {cookie}\r\n");
        if (etag is not null)
        {
            head.Append($"If-Match: {etag}\r\n");
        }

        if (body is not null)
        {
            head.Append($"Content-Type: application/json\r\nContent-Length: {bytes}\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").Append(body).ToString());
    }

    /// <exception cref="InvalidOperationException">The answer is not the one that is measured.</exception>
    protected static Reply Ask(Line line, byte[] request, int status, int least)
    {
        var reply = line.Exchange(request);
        return reply.Status == status && reply.Body.Length >= least
            ? reply
            : throw new InvalidOperationException(
                $"{Encoding.UTF8.GetString(request).Split("\r\n")[0]} was answered with {reply.Status} and {reply.Body.Length} bytes: {reply.Text[..Math.Min(reply.Text.Length, 600)]}");
    }
}
