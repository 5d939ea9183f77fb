namespace Consultation.Faults;

/// <summary>What is taken away, in random order: a process by kill -9, the database by an immediate stop, a fast one or a crash, all its connections.</summary>
internal sealed class FaultPlan(IReadOnlyList<Server> servers, Postgres postgres, Outages outages, Findings findings, Random random)
{
    public async Task RunAsync(CancellationToken end)
    {
        while (true)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(random.Next(5, 21)), end);
            }
            catch (TaskCanceledException)
            {
                return;
            }

            outages.Begin();
            var what = random.Next(10) switch
            {
                < 5 => await KillAsync(),
                < 7 => await StopDatabaseAsync("QUIT"),
                7 => await StopDatabaseAsync("INT"),
                8 => await StopDatabaseAsync("KILL"),
                _ => await CutConnectionsAsync(),
            };
            outages.End();
            findings.Count(what);
        }
    }

    private async Task<string> KillAsync()
    {
        var server = servers[random.Next(servers.Count)];
        server.Kill();
        await Task.Delay(random.Next(1500));
        server.Start();
        await server.ReadyAsync();
        return "kill -9";
    }

    private async Task<string> StopDatabaseAsync(string signal)
    {
        await postgres.StopAsync(signal);
        await Task.Delay(random.Next(1500));
        await postgres.StartAsync();
        foreach (var server in servers)
        {
            await server.ReadyAsync();
        }

        return $"database {signal}";
    }

    private async Task<string> CutConnectionsAsync()
    {
        await postgres.Main.DoAsync(Database.EndAllSessions);
        foreach (var server in servers)
        {
            await server.ReadyAsync();
        }

        return "connections cut";
    }
}
