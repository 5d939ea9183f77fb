using System.Diagnostics;
using System.Globalization;

namespace Consultation.Benchmarks;

/// <summary>Clerks who look at the queue page at fixed times, each on a connection of its own.</summary>
internal sealed class Clerks : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly List<Line> lines;
    private readonly List<Turn> turns;

    private Clerks(List<Line> lines, List<Turn> turns) => (this.lines, this.turns) = (lines, turns);

    /// <summary>As many as the scene has clients.</summary>
    public static async Task<Clerks> SitDownAsync(Scene scene, ServerProcess served)
    {
        await scene.GetReadyAsync(served);
        await scene.Database.DoAsync("vacuum (analyze)");
        var page = new ReadQueue(page: true);
        await page.PrepareAsync(scene);
        var lines = Enumerable.Range(0, scene.Clients).Select(_ => new Line(served.Port)).ToList();
        return new(lines, [.. lines.Select((line, at) => page.Begin(scene, Side.Product, line, at))]);
    }

    /// <summary>Milliseconds of every page, counted from when it was due: one that waits behind a slow one is late too.</summary>
    public List<double> Look(TimeSpan time)
    {
        var taken = turns.Select(_ => new List<double>()).ToList();
        var start = Stopwatch.GetTimestamp();
        var threads = turns.Select((turn, at) => new Thread(() =>
        {
            for (var due = Pause * at / turns.Count; due < time; due += Pause)
            {
                if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                {
                    Thread.Sleep(early);
                }

                turn();
                taken[at].Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return [.. taken.SelectMany(t => t)];
    }

    public static double At(List<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));

    public static void Print(string name, List<double> times) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {times.Count,7} {At(times, 0.5),8:0.0} {At(times, 0.95),8:0.0} {At(times, 0.99),8:0.0}"));

    public void Dispose() => lines.ForEach(line => line.Dispose());
}
