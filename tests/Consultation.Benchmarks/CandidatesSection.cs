using System.Diagnostics;
using System.Globalization;
using Consultation.Cases;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--candidates</c>: what matching costs, in this process against a private PostgreSQL: the candidates of one case among 2,000 experts, an
/// offer with its stored decision, and what a board does with 500 needs among 300 experts and 2,000 among 500, from the rows to both proposals.
/// </summary>
internal static class CandidatesSection
{
    private const int Seen = 200;
    private const int Needs = 500;
    private const int ManyNeeds = 2_000;
    private static readonly Actor Supervisor = Actor.System("benchmark");

    public static async Task RunAsync(string? folder)
    {
        var place = folder ?? Path.Combine(Path.GetTempPath(), $"consultation-candidates-{Environment.ProcessId}");
        try
        {
            Console.WriteLine($"{"",-44} {"p50 ms",8} {"p95 ms",8} {"CPU ms",8} {"KB",9}");
            await OnAsync(Path.Combine(place, "2000"), 2000, OneCaseAsync);
            await OnAsync(Path.Combine(place, "300"), 300, (services, _) => BoardAsync(services, Needs, 300));
            await OnAsync(Path.Combine(place, "500"), 500, (services, _) => BoardAsync(services, ManyNeeds, 500));
        }
        finally
        {
            if (folder is null && Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    private static async Task OneCaseAsync(IServiceProvider services, Database database)
    {
        var dispatcher = services.GetRequiredService<Dispatcher>();
        var cases = await database.RowsAsync($"select id from cases where status <> 'closed' order by md5(id::text) limit {Seen}", row => new CaseId(row.GetGuid(0)));
        await MeasureAsync("candidates of one case, 2,000 experts", cases, id => dispatcher.Send(new ListCandidates(id, Track.Mic), Supervisor));
        var clerk = Supervisor with { Role = Role.Centre };
        await MeasureAsync("the same for a clerk", cases, id => dispatcher.Send(new ListCandidates(id, Track.Mic), clerk));
        var waiting = await database.RowsAsync(
            "select c.id, t.track from cases c join case_tracks t on t.case_id = c.id where c.status = 'waiting' and t.state = 'wanted' order by md5(c.id::text) limit 40", row => (new CaseId(row.GetGuid(0)), EnumText.Parse<Track>(row.GetString(1))));
        await MeasureAsync("offer to the best, decision stored", waiting, need => dispatcher.Send(new OfferCase(need.Item1, need.Item2, Auto: true), Supervisor), rounds: 1);
        var size = await database.RowsAsync(
            "select count(*)::int, coalesce(avg(pg_column_size(facts) + pg_column_size(verdicts) + pg_column_size(others)), 0)::int from match_decisions where decided_at >= app_now() - interval '1 hour'",
            row => (row.GetInt32(0), row.GetInt32(1)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored decision: {size[0].Item2 / 1024.0:0.0} KB on average of {size[0].Item1}"));
    }

    /// <summary>Open cases stand for waiting ones: who could be asked does not depend on it.</summary>
    private static async Task BoardAsync(IServiceProvider services, int many, int experts)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ConsultationDb>();
        var execution = scope.ServiceProvider.GetRequiredService<Execution>();
        (execution.Actor, execution.Now) = (Supervisor, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var cases = await db.Set<Case>().AsNoTracking().Include(c => c.Tracks).OrderBy(c => c.Status == CaseStatus.Closed).ThenBy(c => c.Id).Take(many).ToListAsync();
        var needs = cases.Select((c, at) => (c, at % 2 == 0 ? Track.Mic : Track.Mhlw)).ToList();
        var waiting = scope.ServiceProvider.GetRequiredService<WaitingNeeds>();
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            using var heap = new HeapWatch();
            var (begun, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
            var maker = await waiting.JudgeAsync(needs, CancellationToken.None);
            var gathered = Stopwatch.GetElapsedTime(begun);
            var content = maker.Make(0, []);
            var took = Stopwatch.GetElapsedTime(begun);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{needs.Count} needs x {experts} experts: gathered {gathered.TotalMilliseconds:0} ms, with both proposals {took.TotalMilliseconds:0} ms; allocated {(GC.GetTotalAllocatedBytes(precise: true) - allocated) >> 20} MB, heap {before >> 20} to at most {heap.Most >> 20} MB; {content.Optimal.Assigned} assigned"));
        }
    }

    /// <summary>The largest the heap was, garbage included, looked at every millisecond.</summary>
    private sealed class HeapWatch : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Thread looking;

        public HeapWatch()
        {
            looking = new(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: false));
                    Thread.Sleep(1);
                }
            });
            looking.Start();
        }

        public long Most { get; private set; }

        public void Dispose()
        {
            stop.Cancel();
            looking.Join();
            stop.Dispose();
        }
    }

    private static Task OnAsync(string folder, int experts, Func<IServiceProvider, Database, Task> measure) => InProcess.OnAsync(folder, new LoadData(10_000, experts), measure);

    private static async Task MeasureAsync<T>(string name, IReadOnlyList<T> subjects, Func<T, Task> ask, int rounds = 2)
    {
        var ticks = new List<double>();
        var (cpu, allocated) = (TimeSpan.Zero, 0L);
        for (var round = 0; round < rounds; round++)
        {
            // Of several rounds the last counts: the others warm up.
            ticks.Clear();
            using var process = Process.GetCurrentProcess();
            (cpu, allocated) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
            foreach (var subject in subjects)
            {
                var begun = Stopwatch.GetTimestamp();
                await ask(subject);
                ticks.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            process.Refresh();
            (cpu, allocated) = (process.TotalProcessorTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
        }

        ticks.Sort();
        Console.WriteLine(ticks.Count == 0 ? $"{name,-44} nothing to do it on" : string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} {ticks[ticks.Count / 2],8:0.0} {ticks[ticks.Count * 95 / 100],8:0.0} {cpu.TotalMilliseconds / ticks.Count,8:0.0} {allocated / 1024.0 / ticks.Count,9:0}"));
    }
}
