using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--beside</c>: what the queue page costs while cases are assigned in the same server. Clerks look at the page at fixed times, twenty a second, which is a busy
/// desk and no saturation. Stretches with nothing else take turns with stretches in which a coordinator previews, applies and takes back a plan for everything that
/// waits: once (twenty times as often as the job that offers by itself), and again and again without a pause.
/// </summary>
internal static class BesideSection
{
    private const int Cases = 10_000;
    private const int Clients = 4;
    private const int Stretches = 4;
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OneRound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(string[] rest)
    {
        var product = rest is ["--product", var folder] ? Product.At(folder) : await Product.PublishAsync();
        var work = Path.Combine(Path.GetTempPath(), $"consultation-beside-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            var scene = await Scene.OpenAsync(product, Path.Combine(work, "data"), Cases, Clients);
            await using var database = scene.Database;
            using var served = product.Serve(database, work);
            await scene.GetReadyAsync(served);
            await database.DoAsync("vacuum (analyze)");
            var page = new ReadQueue(page: true);
            await page.PrepareAsync(scene);
            var lines = Enumerable.Range(0, Clients).Select(_ => new Line(served.Port)).ToList();
            var turns = lines.Select((line, at) => page.Begin(scene, Side.Product, line, at)).ToList();
            using var board = new Coordinator(scene, new Line(served.Port));
            board.Round();
            Look(turns, Stretch / 2);

            var (alone, once, beside) = (new List<double>(), new List<double>(), new List<double>());
            for (var stretch = 0; stretch < Stretches; stretch++)
            {
                alone.AddRange(Look(turns, Stretch));
                var round = Task.Run(board.Round);
                once.AddRange(Look(turns, OneRound));
                await round;
                using var stop = new CancellationTokenSource();
                var assigning = Task.Run(() => board.Work(stop.Token));
                beside.AddRange(Look(turns, Stretch));
                await stop.CancelAsync();
                await assigning;
            }

            Console.WriteLine($"{"queue page, ms",-28} {"pages",7} {"p50",8} {"p95",8} {"p99",8}");
            Print("alone", alone);
            Print("a round every 15 s", once);
            Print("round after round", beside);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p95 {At(once, 0.95) / At(alone, 0.95):0.00} times as long with a round every 15 s, {At(beside, 0.95) / At(alone, 0.95):0.00} times round after round; {board.Told}"));
            lines.ForEach(line => line.Dispose());
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Milliseconds of every page, counted from when it was due: one that waits behind a slow one is late too.</summary>
    internal static List<double> Look(List<Turn> turns, TimeSpan time)
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

    internal static double At(List<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));

    internal static void Print(string name, List<double> times) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {times.Count,7} {At(times, 0.5),8:0.0} {At(times, 0.95),8:0.0} {At(times, 0.99),8:0.0}"));

    private sealed class Coordinator(Scene scene, Line line) : IDisposable
    {
        private readonly List<double> rounds = [];
        private int offers;

        public string Told => string.Create(CultureInfo.InvariantCulture, $"{rounds.Count} rounds of {offers} offers, {rounds.Order().ElementAt(rounds.Count / 2):0} ms each");

        public void Work(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                Round();
            }
        }

        public void Round()
        {
            var begun = Stopwatch.GetTimestamp();
            var made = Post("/api/v1/assignments", "{}", 201);
            var plan = made.RootElement.GetProperty("id").GetString();
            Post($"/api/v1/assignments/{plan}/apply", """{"choice":"optimal"}""", 200);
            offers = Post($"/api/v1/assignments/{plan}/undo", "{}", 200).RootElement.GetProperty("withdrawn").GetInt32();
            rounds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        public void Dispose() => line.Dispose();

        private JsonDocument Post(string path, string body, int status)
        {
            var reply = line.Exchange(Encoding.UTF8.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{line.Port}\r\nAuthorization: Bearer {scene.Callers.SupervisorToken}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            return reply.Status == status ? JsonDocument.Parse(reply.Text) : throw new InvalidOperationException($"{path} was answered with {reply.Status}: {reply.Text[..Math.Min(reply.Text.Length, 600)]}");
        }
    }
}
