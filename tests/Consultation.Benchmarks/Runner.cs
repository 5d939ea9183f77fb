using System.Globalization;
using Consultation.Persistence;
using Consultation.Work;

namespace Consultation.Benchmarks;

/// <summary>Measures one size: settle, then every operation in turn on product and baseline, slice by slice, so that a drift of the machine meets both.</summary>
internal sealed class Runner(Options options, Product product, string work)
{
    private const int Slices = 2;
    private static readonly TimeSpan SettlePatience = TimeSpan.FromMinutes(20);

    public async Task<SizeResult> MeasureAsync(string size, int cases, string folder)
    {
        Say($"{size}: filling");
        var scene = await Scene.OpenAsync(product, folder, cases, options.Clients);
        await using var database = scene.Database;
        Say($"{size}: cold starts");
        var starts = new List<TimeSpan>();
        for (var i = 0; i < options.ColdStarts; i++)
        {
            using var started = product.Serve(database, work);
            starts.Add(started.ReadyAfter);
        }

        var results = new List<OperationResult>();
        long peak;
        using (var served = product.Serve(database, work))
        {
            await scene.GetReadyAsync(served);
            using var bare = options.Baseline ? await BaselineProcess.StartAsync(database, work) : null;
            await SettleAsync(database, size);
            if (database.Counts)
            {
                await database.DoAsync("select benchmark.pg_stat_statements_reset()");
            }

            foreach (var operation in Catalogue.Of(scene).Where(operation => options.Wants(operation.Name)))
            {
                await operation.PrepareAsync(scene);
                results.Add(await MeasureAsync(scene, operation, served, bare));
                Say($"{size}: {results[^1].Line}");
            }

            peak = Meter.PeakResident(served.Id);
        }

        return new(size, await database.ScalarAsync<string>("show server_version"), await database.ScalarAsync<long>("select count(*) from cases"), results, [.. starts.Select(s => s.TotalMilliseconds)], peak, database.Counts,
            options.Plans ? await Plans.TakeAsync(scene, product, work, options) : []);
    }

    private async Task<OperationResult> MeasureAsync(Scene scene, Operation operation, ServerProcess served, ServerProcess? bare)
    {
        var asked = new Meter(scene.Database, PrivateCluster.AppRole);
        var other = new Meter(scene.Database, PrivateCluster.OwnerRole);
        using var crew = new Crew(scene, operation, Side.Product, served.Port);
        using var bareCrew = bare is null || !operation.HasBaseline ? null : new Crew(scene, operation, Side.Baseline, bare.Port);
        crew.Work(TimeSpan.FromSeconds(options.Seconds / 2));
        bareCrew?.Work(TimeSpan.FromSeconds(options.Seconds / 2));
        var (own, against) = (Stretch.None, Stretch.None);
        for (var slice = 0; slice < Slices; slice++)
        {
            own += await WorkAsync(crew, asked, served);
            against += bareCrew is null ? Stretch.None : await WorkAsync(bareCrew, other, bare!);
        }

        return OperationResult.Of(operation.Name, own, against, Meter.Resident(served.Id));
    }

    private async Task<Stretch> WorkAsync(Crew crew, Meter meter, ServerProcess server)
    {
        var before = await meter.ReadAsync(server);
        var (ticks, wall) = crew.Work(TimeSpan.FromSeconds(options.Seconds / Slices));
        return new(ticks, wall, await meter.ReadAsync(server) - before);
    }

    /// <summary>
    /// What the filling left to background work (seals of the audit, above all) is done before anything is measured, because no desk's database
    /// gets a year's cases in one minute; so is what autovacuum would come to during the run.
    /// </summary>
    private static async Task SettleAsync(Database database, string size)
    {
        Say($"{size}: settling");
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = new List<string>();
            foreach (var job in Schedule.Jobs.Where(job => job.Due is not null && job.Name != Schedule.Mail))
            {
                if (await database.ScalarAsync<long>($"select count(*) from (select 1 from {job.Due} limit 1000) due") is >= 200 and var due)
                {
                    left.Add($"{job.Name} {due}");
                }
            }

            if (left.Count == 0)
            {
                break;
            }

            if (TimeProvider.System.GetElapsedTime(until) > SettlePatience)
            {
                Say($"{size}: background work is not done and goes on during the measurement: {string.Join(", ", left)}");
                break;
            }

            await Task.Delay(1000);
        }

        await database.DoAsync("vacuum (analyze)");
        await database.DoAsync("checkpoint");
    }

    private static void Say(string text) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {text}"));
}
