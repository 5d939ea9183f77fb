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
                if (await MeasureAsync(scene, operation, served, bare) is { } measured)
                {
                    results.Add(measured);
                    Say($"{size}: {measured.Line}");
                }
                else
                {
                    Say($"{size}: {operation.Name}: nothing is left to do it on; the data has been used up by earlier runs");
                }
            }

            peak = Meter.PeakResident(served.Id);
        }

        return new(size, await database.ScalarAsync<string>("show server_version"), await database.ScalarAsync<long>("select count(*) from cases"), results, [.. starts.Select(s => s.TotalMilliseconds)], peak, database.Counts,
            options.Plans ? await Plans.TakeAsync(scene, product, work, options) : []);
    }

    private async Task<OperationResult?> MeasureAsync(Scene scene, Operation operation, ServerProcess served, ServerProcess? bare)
    {
        var sides = operation.Sides.Where(side => side == Side.Product || (bare is not null && (options.Newest || side != Side.BaselineSame))).ToList();
        var crews = sides.ToDictionary(side => side, side => new Crew(scene, operation, side, side == Side.Product ? served.Port : bare!.Port));
        try
        {
            foreach (var crew in crews.Values)
            {
                crew.WarmUp(TimeSpan.FromSeconds(options.Seconds / 2));
            }

            var done = sides.ToDictionary(side => side, _ => Stretch.None);
            for (var slice = 0; slice < Slices; slice++)
            {
                foreach (var side in sides)
                {
                    done[side] += await WorkAsync(crews[side], new(scene.Database, side == Side.Product ? PrivateCluster.AppRole : PrivateCluster.OwnerRole), side == Side.Product ? served : bare!);
                }
            }

            return Figures.Of(done[Side.Product]) is { } own
                ? new(operation.Name, own, Figures.Of(done.GetValueOrDefault(Side.Baseline)), Figures.Of(done.GetValueOrDefault(Side.BaselineSame)), Meter.Resident(served.Id))
                : null;
        }
        finally
        {
            foreach (var crew in crews.Values)
            {
                crew.Dispose();
            }
        }
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
                if (await database.ScalarAsync<long>($"with next_days as (select id as desk_id, app_now() + interval '1 day' as until from desks) select count(*) from (select 1 from {job.Due} limit 1000) due") is >= 200 and var due)
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

            await Task.Delay(1000, Interruption.Token);
        }

        await database.DoAsync("vacuum (analyze)");
        await database.DoAsync("checkpoint");
    }

    private static void Say(string text) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetLocalNow():HH:mm:ss} {text}"));
}
