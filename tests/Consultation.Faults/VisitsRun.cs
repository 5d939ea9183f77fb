using System.Diagnostics;
using System.Globalization;

namespace Consultation.Faults;

/// <summary>
/// Hours of random booking, moving, cancelling and completing by many clients over HTTP, on two serving processes that are killed and a PostgreSQL that
/// is stopped under them; then <c>check</c>, and the clients' ledger against the database.
/// </summary>
internal static class VisitsRun
{
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(2);

    /// <returns>True where nothing was found.</returns>
    public static async Task<bool> GoAsync(RunOptions options)
    {
        var findings = new Findings();
        var cluster = await GoAsync(options, findings);
        Console.WriteLine(findings.Any ? $"Something was found; see {options.Folder}." : "Nothing was found.");
        if (!findings.Any && !options.KeepsFolder)
        {
            foreach (var folder in new[] { cluster, options.Folder }.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return !findings.Any;
    }

    /// <summary>As one scenario of many, with a PostgreSQL of its own, because it is stopped.</summary>
    public static async Task AsScenarioAsync(Rig rig, Findings findings)
    {
        var cluster = await GoAsync(rig.Options with
        {
            Seconds = rig.Much(25, 240),
            Folder = Path.Combine(rig.Folder, "chaos"),
            Product = Path.GetDirectoryName(rig.Build.Program),
            Port = rig.NextPort(),
        }, findings);
        if (!findings.Any)
        {
            Directory.Delete(cluster, recursive: true);
        }
    }

    /// <returns>Where the server's files are.</returns>
    private static async Task<string> GoAsync(RunOptions options, Findings findings)
    {
        Directory.CreateDirectory(options.Folder);
        var data = Path.Combine(options.Folder, "data");
        var build = await Build.FindAsync(options.Product);
        await using var postgres = new Postgres(data);
        await postgres.StartAsync();
        using var ledger = new ClientLedger(Path.Combine(options.Folder, "ledger.tsv"));
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { Timeout = TimeSpan.FromSeconds(30) };
        var outages = new Outages();
        var token = await Prepared.AsEmptyAsync(build, data, postgres, Path.Combine(options.Folder, "prepare.log"), options.Port);
        List<Server> servers =
        [
            .. Enumerable.Range(0, 2).Select(i => new Server(
                build, ["--role", "all", "--prepare", "empty", "--data", data], new Dictionary<string, string>(), Path.Combine(options.Folder, $"server{i}.log"), options.Port + i)),
        ];
        try
        {
            foreach (var server in servers)
            {
                server.Start();
                await server.ReadyAsync();
            }

            Caller Client() => new(http, [.. servers.Select(s => s.Address)], token, outages, ledger, findings);
            var world = await World.MakeAsync(Client());
            using var end = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds));
            var faults = options.Faults ? new FaultPlan(servers, postgres, outages, findings, new Random(options.Seed)).RunAsync(end.Token) : Task.CompletedTask;
            var clock = MoveClockAsync(postgres, end.Token);
            await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(i => new VisitClient(Client(), world, findings, new Random(options.Seed * 1000 + i)).WorkAsync(end.Token)));
            await faults;
            await clock;
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }

        var (code, broken) = await build.DoAsync(data, "check");
        if (code != 0)
        {
            findings.Add($"check: {broken}");
        }

        await Judge.CompareAsync(postgres.Main, ledger.Entries, findings);
        Console.WriteLine($"{options.Seconds} s, seed {options.Seed}, {options.Clients} clients, {outages.Count} faults");
        Console.WriteLine(findings);
        return postgres.Location;
    }

    /// <summary>Forty minutes pass in two seconds, so that visits take place and holds run out while others book.</summary>
    private static async Task MoveClockAsync(Postgres postgres, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await postgres.Main.MoveClockAsync("40 minutes");
            }
            catch (Npgsql.NpgsqlException)
            {
                // It is down on purpose.
            }

            await Task.Delay(ClockTick, CancellationToken.None);
        }
    }
}
