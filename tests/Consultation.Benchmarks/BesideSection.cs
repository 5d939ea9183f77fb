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

    public static Task RunAsync(string[] rest) => OnPublished.DoAsync(rest, "beside", Cases, Clients, async (product, scene, work) =>
    {
        using var served = product.Serve(scene.Database, work);
        using var clerks = await Clerks.SitDownAsync(scene, served);
        using var board = new Coordinator(scene, new Line(served.Port));
        board.Round();
        clerks.Look(Stretch / 2);

        var (alone, once, beside) = (new List<double>(), new List<double>(), new List<double>());
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            alone.AddRange(clerks.Look(Stretch));
            var round = Task.Run(board.Round);
            once.AddRange(clerks.Look(OneRound));
            await round;
            using var stop = new CancellationTokenSource();
            var assigning = Task.Run(() => board.Work(stop.Token));
            beside.AddRange(clerks.Look(Stretch));
            await stop.CancelAsync();
            await assigning;
        }

        Console.WriteLine($"{"queue page, ms",-28} {"pages",7} {"p50",8} {"p95",8} {"p99",8}");
        Clerks.Print("alone", alone);
        Clerks.Print("a round every 15 s", once);
        Clerks.Print("round after round", beside);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p95 {Clerks.At(once, 0.95) / Clerks.At(alone, 0.95):0.00} times as long with a round every 15 s, {Clerks.At(beside, 0.95) / Clerks.At(alone, 0.95):0.00} times round after round; {board.Told}"));
    });

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
