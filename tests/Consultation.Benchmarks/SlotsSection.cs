using System.Diagnostics;
using System.Globalization;
using Consultation.Cases;
using Consultation.Demo;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Visits;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--slots [--visits N] [--data DIR]</c>: the soonest common time of 50 × 50 candidates within four weeks, in this process against a private
/// PostgreSQL with 300,000 visits (or N) and 2,000 experts. Asked for cases all over the country with the candidates of their own district first.
/// </summary>
internal static class SlotsSection
{
    private const int Seen = 100;
    private const int Each = 50;
    private static readonly Actor Supervisor = Actor.System("benchmark");

    public static async Task RunAsync(string[] told)
    {
        string? Told(string name) => Array.IndexOf(told, name) is var at and >= 0 && at + 1 < told.Length ? told[at + 1] : null;
        var visits = Told("--visits") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : 300_000;
        await InProcess.OnAsync(Told("--data"), "slots", new LoadData(visits * 2 / 3, 2_000, visits), async (services, database) =>
        {
            var there = await database.RowsAsync("select (select count(*) from visits)::int, (select count(*) from experts)::int", row => (row.GetInt32(0), row.GetInt32(1)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{there[0].Item1} visits, {there[0].Item2} experts, {Each} × {Each} candidates, 28 days"));
            Console.WriteLine($"{"",-44} {"p50 ms",8} {"p95 ms",8} {"max ms",8} {"pairs",8}");
            var cases = await database.RowsAsync(
                $"select id, district from cases where status <> 'closed' and prefecture is not null order by md5(id::text) limit {Seen}", row => (new CaseId(row.GetGuid(0)), row.GetString(1)));
            foreach (var mode in new[] { VisitMode.Visit, VisitMode.Web })
            {
                await MeasureAsync(services.GetRequiredService<Dispatcher>(), database, cases, mode);
            }
        });
    }

    private static async Task MeasureAsync(Dispatcher dispatcher, Database database, IReadOnlyList<(CaseId Id, string District)> cases, VisitMode mode)
    {
        var ticks = new List<double>();
        var pairs = 0L;
        for (var round = 0; round < 2; round++)
        {
            // Of two rounds the second counts: the first warms up.
            (pairs, ticks) = (0, []);
            foreach (var (id, district) in cases)
            {
                var (first, second) = (await CandidatesAsync(database, district, "mic"), await CandidatesAsync(database, district, "mhlw"));
                var begun = Stopwatch.GetTimestamp();
                var found = await dispatcher.Send(new FindSlots(id, first, second, mode), Supervisor);
                ticks.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                pairs += found.Pairs.Count;
            }
        }

        ticks.Sort();
        Console.WriteLine(ticks.Count == 0 ? "nothing to do it on" : string.Create(
            CultureInfo.InvariantCulture,
            $"{(mode == VisitMode.Visit ? "soonest common time, on site" : "soonest common time, by web"),-44} {ticks[ticks.Count / 2],8:0.0} {ticks[ticks.Count * 95 / 100],8:0.0} {ticks[^1],8:0.0} {pairs / ticks.Count,8}"));
    }

    private static async Task<IReadOnlyList<ExpertId>> CandidatesAsync(Database database, string district, string affiliation) => await database.RowsAsync(
        $"select id from experts where active and affiliation in ('{affiliation}', 'both') order by districts @> array['{district}'] desc, id limit {Each}", row => new ExpertId(row.GetGuid(0)));
}
