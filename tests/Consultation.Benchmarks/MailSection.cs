using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--mail</c>: how soon a letter has left the house, and how many leave it. First twenty cases a second are created over HTTP, each of which owes a receipt, and the time
/// is taken from the first byte of the request to the mail server's 250 for that letter – more than from the commit, whose instant nobody outside sees. Then
/// three thousand letters wait and go to a server that takes 20 ms for each.
/// </summary>
internal static class MailSection
{
    private const int PerSecond = 20;
    private const int Clients = 4;
    private const int Heap = 3_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Task RunAsync(string[] rest) => OnPublished.DoAsync(rest, "mail", 10_000, Clients, async (product, scene, work) =>
    {
        var database = scene.Database;
        await database.DoAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where state in ('waiting', 'deferred')");
        await using var sink = new MailSink();
        using var served = product.Serve(database, work, sink.Settings);
        await database.DoAsync("vacuum (analyze)");
        Soon(scene, served, sink, WarmUp, "warm");
        Print(Soon(scene, served, sink, Measured, "seen"));

        sink.Takes = TimeSpan.FromMilliseconds(20);
        foreach (var round in new[] { "first", "second", "third" })
        {
            await MuchAsync(database, sink, round);
        }
    });

    private static List<double> Soon(Scene scene, ServerProcess served, MailSink sink, TimeSpan time, string round)
    {
        var begun = new Dictionary<string, long>();
        var all = (int)(time.TotalSeconds * PerSecond);
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Clients).Select(client => new Thread(() =>
        {
            using var line = new Line(served.Port);
            for (var n = client; n < all; n += Clients)
            {
                var due = TimeSpan.FromSeconds((double)n / PerSecond) - Stopwatch.GetElapsedTime(start);
                Thread.Sleep(due > TimeSpan.Zero ? due : TimeSpan.Zero);
                var address = $"{round}-{n}@firm-{n % 200}.example";
                var body = $$$"""{"channel":"email","text":"在宅勤務を始めたい。労務管理と機器の選び方を知りたい。{{{n}}}","contact":{"name":"計測","email":"{{{address}}}"},"organisation":{"name":"計測 {{{round}}} {{{n}}}","prefecture":"宮城県"}}""";
                lock (begun)
                {
                    begun[address] = Stopwatch.GetTimestamp();
                }

                var reply = line.Exchange(Encoding.UTF8.GetBytes(
                    $"POST /api/v1/inquiries HTTP/1.1\r\nHost: 127.0.0.1:{line.Port}\r\nAuthorization: Bearer {scene.Callers.CentreToken}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
                if (reply.Status != 201)
                {
                    throw new InvalidOperationException($"An inquiry was answered with {reply.Status}: {reply.Text}");
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var took = Stopwatch.GetElapsedTime(start);
        while (begun.Keys.Any(address => !sink.At.ContainsKey(address)))
        {
            if (Stopwatch.GetElapsedTime(start) > time + Patience)
            {
                throw new InvalidOperationException($"{begun.Keys.Count(address => !sink.At.ContainsKey(address))} of {all} letters never came.");
            }

            Thread.Sleep(20);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all} cases in {took.TotalSeconds:0.0} s ({round})"));
        return [.. begun.Select(one => Stopwatch.GetElapsedTime(one.Value, sink.At[one.Key]).TotalMilliseconds).Order()];
    }

    private static void Print(List<double> sorted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"request to 250, ms: p50 {At(sorted, 0.5):0}, p95 {At(sorted, 0.95):0}, p99 {At(sorted, 0.99):0}, most {sorted[^1]:0}; within 2 s {100.0 * sorted.Count(ms => ms <= 2000) / sorted.Count:0.00} %"));

    private static double At(List<double> sorted, double part) => sorted[(int)(sorted.Count * part)];

    private static async Task MuchAsync(Database database, MailSink sink, string round)
    {
        var before = sink.Taken;
        var start = Stopwatch.GetTimestamp();
        await database.DoAsync($"""
            insert into outgoing_mail (id, event_key, recipient, template, reference, subject, body, message_id, next_attempt_at, created_at)
            select gen_random_uuid(), 'measured-{round}/' || n, 'client-' || n || '@firm-' || n % 100 || '.example', 'inquiry-received', gen_random_uuid(), '【テレワーク相談】受付のお知らせ', repeat('ご相談を受け付けました。', 60),
              '<measured-{round}-' || n || '@telework.example>', app_now(), app_now()
            from generate_series(1, {Heap}) n
            """);
        await database.DoAsync("select pg_notify('consultation_mail', 'benchmark')");
        while (sink.Taken < before + Heap)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException($"Of {Heap} letters {sink.Taken - before} went out.");
            }

            await Task.Delay(20);
        }

        var took = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Heap} letters to a server that takes {sink.Takes.TotalMilliseconds:0} ms each: {took.TotalSeconds:0.0} s, {Heap / took.TotalSeconds:0} a second ({round})"));
    }
}
