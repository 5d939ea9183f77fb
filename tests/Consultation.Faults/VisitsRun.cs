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
        Directory.CreateDirectory(options.Folder);
        var data = Path.Combine(options.Folder, "data");
        var build = await Build.FindAsync(options.Product);
        await using var postgres = new Postgres(data);
        await postgres.StartAsync();
        using var ledger = new ClientLedger(Path.Combine(options.Folder, "ledger.tsv"));
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { Timeout = TimeSpan.FromSeconds(30) };
        var (outages, findings) = (new Outages(), new Findings());
        List<Server> servers = [.. Enumerable.Range(0, 2).Select(i => new Server(build, data, Path.Combine(options.Folder, $"server{i}.log"), options.Port + i))];
        try
        {
            foreach (var server in servers)
            {
                server.Start();
                await server.ReadyAsync();
            }

            // The working day on which the demo begins; from there the clock is moved on.
            await postgres.DoAsync("update installation set clock_shift = timestamptz '2026-11-24 09:20+09' - clock_timestamp()");
            var token = (await Demand(build.DoAsync(data, "token", "create", "--role", "supervisor"))).Split('\n')[^1];
            Caller Client() => new(http, servers, token, outages, ledger, findings);
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

        await Judge.CompareAsync(postgres, ledger.Entries, findings);
        Console.WriteLine($"{options.Seconds} s, seed {options.Seed}, {options.Clients} clients, {outages.Count} faults");
        Console.WriteLine(findings);
        Console.WriteLine(findings.Any ? $"Something was found; see {options.Folder}." : $"Nothing was found. {broken.Split('\n')[^1]}");
        return !findings.Any;
    }

    private static async Task<string> Demand(Task<(int Code, string Output)> verb) =>
        await verb is (0, var said) ? said : throw new InvalidOperationException((await verb).Output);

    /// <summary>Forty minutes pass in two seconds, so that visits take place and holds run out while others book.</summary>
    private static async Task MoveClockAsync(Postgres postgres, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await postgres.DoAsync("update installation set clock_shift = clock_shift + interval '40 minutes'");
            }
            catch (Npgsql.NpgsqlException)
            {
                // It is down on purpose.
            }

            await Task.Delay(ClockTick, CancellationToken.None);
        }
    }
}
