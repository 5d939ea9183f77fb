using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Consultation.Benchmarks;

/// <summary>
/// Sixty-four clients want the same four hours of one expert, each on a connection and a case of its own, and take whichever they get: how many succeed, how the
/// others are answered, how long it takes. A round is another day.
/// </summary>
internal static class ContentionSection
{
    public const string Flag = "--contention";
    private const int Clients = 64;
    private const int Rounds = 12;
    private static readonly int[] Hours = [9, 11, 13, 15];

    /// <returns>True where nothing overlapped and nobody met a fault of the server.</returns>
    public static async Task<bool> RunAsync(string? published)
    {
        var work = Path.Combine(Path.GetTempPath(), $"consultation-contention-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            var product = published is null ? await Product.PublishAsync() : Product.At(published);
            await using var database = await Database.OpenAsync(work);
            await Callers.MigrateAsync(database, CancellationToken.None);
            // Desks, calendar and programme come with the filling; the scene itself is made over HTTP.
            await product.DoAsync(database, "load", "--cases", "100", "--seed", "1");
            var token = (await Callers.MakeAsync(database, CancellationToken.None)).SupervisorToken;
            using var served = product.Serve(database, work);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{served.Port}/api/v1/") };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var cases = await CasesAsync(http);
            var answers = new List<(int Status, string Code, double Milliseconds)>();
            for (var round = 0; round < Rounds; round++)
            {
                var day = Workday(round);
                answers.AddRange((await Task.WhenAll(cases.Select((id, i) => TakeOneAsync(http, id, day, new Random(round * Clients + i))))).SelectMany(a => a));
            }

            var overlaps = await database.ScalarAsync<long>("""
                select count(*) from expert_diary a join expert_diary b on a.expert_id = b.expert_id and a.id < b.id and a.busy && b.busy
                where a.state in ('held', 'confirmed', 'completed') and b.state in ('held', 'confirmed', 'completed')
                """);
            var booked = await database.ScalarAsync<long>("select count(*) from visits where quota_reason = '計測'");
            Print(answers, booked, overlaps);
            return overlaps == 0 && booked == Rounds * Hours.Length && answers.TrueForAll(a => a.Status is 201 or 409);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static void Print(List<(int Status, string Code, double Milliseconds)> answers, long booked, long overlaps)
    {
        Console.WriteLine($"{Clients} clients on {Hours.Length} slots, {Rounds} rounds: {booked} booked of {Rounds * Hours.Length}, {overlaps} overlaps, {answers.Count(a => a.Status >= 500)} times 5xx");
        foreach (var (name, of) in new[] { ("booked", answers.Where(a => a.Status == 201)), ("refused", answers.Where(a => a.Status != 201)) })
        {
            var sorted = of.Select(a => a.Milliseconds).Order().ToList();
            string At(double share) => sorted.Count == 0 ? "-" : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))].ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"  {name} {sorted.Count}: p50 {At(0.5)}, p95 {At(0.95)}, p99 {At(0.99)} ms");
        }

        foreach (var code in answers.Where(a => a.Status != 201).GroupBy(a => $"{a.Status} {a.Code}").OrderByDescending(g => g.Count()))
        {
            Console.WriteLine($"  {code.Key}: {code.Count()}");
        }
    }

    /// <summary>One after the other until one is got or all are gone.</summary>
    private static async Task<List<(int, string, double)>> TakeOneAsync(HttpClient http, string id, DateOnly day, Random random)
    {
        var answers = new List<(int, string, double)>();
        foreach (var hour in Hours.OrderBy(_ => random.Next()))
        {
            var start = Stopwatch.GetTimestamp();
            var (status, answer) = await PostAsync(http, $"cases/{id}/visits", new
            {
                start = $"{day:yyyy-MM-dd}T{hour:00}:00:00+09:00", end = $"{day:yyyy-MM-dd}T{hour + 1:00}:00:00+09:00", mode = "web", stage = "assess", consumesQuota = false, quotaReason = "計測",
            });
            var code = status == 201 ? "" : answer.GetProperty("code").GetString()!;
            // Whoever is refused hears of the next free times.
            answers.Add((status, code == "visit.taken" && !answer.TryGetProperty("nextSlots", out _) ? "visit.taken without nextSlots" : code, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            if (status == 201)
            {
                break;
            }
        }

        return answers;
    }

    private static async Task<List<string>> CasesAsync(HttpClient http)
    {
        var expert = Id(await PostAsync(http, "experts", new { name = "計測 専門家", affiliation = "mic", prefecture = "宮城県", capacity = 100, nationwide = true }));
        var cases = new List<string>();
        for (var i = 0; i < Clients; i++)
        {
            var id = Id(await PostAsync(http, "inquiries", new { channel = "phone", desk = "tohoku", text = "VPNの相談", organisation = new { name = $"株式会社計測{i}", prefecture = "宮城県" } }));
            await PostAsync(http, $"cases/{id}/route", new { tracks = new[] { "mic" }, reason = "計測" });
            var offer = Id(await PostAsync(http, $"cases/{id}/offers", new { track = "mic", expertId = expert, reason = "計測" }));
            await PostAsync(http, $"offers/{offer}/accept", new { source = "計測" });
            cases.Add(id);
        }

        return cases;
    }

    private static DateOnly Workday(int round) => new DateOnly(2026, 11, 30).AddDays(round / 5 * 7 + round % 5);

    private static string Id((int Status, JsonElement Answer) made) =>
        made.Status == 201 ? made.Answer.GetProperty("id").GetString()! : throw new InvalidOperationException($"The scene was refused with {made.Status}: {made.Answer}");

    private static async Task<(int Status, JsonElement Answer)> PostAsync(HttpClient http, string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
