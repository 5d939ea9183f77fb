using System.Diagnostics;

namespace Consultation.Benchmarks;

/// <summary>What a stretch of time brought.</summary>
internal sealed record Stretch(IReadOnlyList<long> Ticks, TimeSpan Wall, Reading Cost)
{
    public static readonly Stretch None = new([], TimeSpan.Zero, Reading.Zero);

    public int Count => Ticks.Count;

    public static Stretch operator +(Stretch one, Stretch other) => new([.. one.Ticks, .. other.Ticks], one.Wall + other.Wall, one.Cost + other.Cost);
}

/// <summary>The clients of one operation on one server, each with its line; they keep them from the warm-up on.</summary>
internal sealed class Crew : IDisposable
{
    private const int WarmTurns = 400;
    private const int WarmStretches = 8;
    private static readonly TimeSpan WarmStretch = TimeSpan.FromSeconds(1);

    private readonly List<(Line Line, Turn Turn)> clients;

    public Crew(Scene scene, Operation operation, Side side, int port)
    {
        clients = [.. Enumerable.Range(0, scene.Clients).Select(client =>
        {
            var line = new Line(port);
            return (line, operation.Begin(scene, side, line, client));
        })];
    }

    /// <summary>
    /// Long enough, and often enough that the runtime has compiled what is used in earnest; not for ever where a turn takes a second.
    /// </summary>
    public void WarmUp(TimeSpan time)
    {
        var done = Work(time).Ticks.Count;
        for (var more = 0; done < WarmTurns && more < WarmStretches; more++)
        {
            done += Work(WarmStretch).Ticks.Count;
        }
    }

    /// <summary>Lets every client take turns until the time is over, each waiting for its answer before it asks again.</summary>
    public (IReadOnlyList<long> Ticks, TimeSpan Wall) Work(TimeSpan time, int most = int.MaxValue)
    {
        var taken = new List<long>[clients.Count];
        Exception? failure = null;
        Interruption.Token.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var threads = clients.Select((client, at) => new Thread(() =>
        {
            var ticks = taken[at] = new(16 * 1024);
            try
            {
                for (var now = Stopwatch.GetTimestamp(); now < end && ticks.Count < most && failure is null;)
                {
                    if (!client.Turn())
                    {
                        return;
                    }

                    var done = Stopwatch.GetTimestamp();
                    ticks.Add(done - now);
                    now = done;
                }
            }
            catch (Exception wrong)
            {
                // Thrown on by the caller's thread; here it would end the process and leave the servers behind.
                failure = wrong;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return failure is null ? ([.. taken.SelectMany(t => t)], Stopwatch.GetElapsedTime(start)) : throw new InvalidOperationException(failure.Message, failure);
    }

    public void Dispose() => clients.ForEach(client => client.Line.Dispose());
}
