namespace Consultation.Faults;

/// <summary>Every session of the database is ended every five seconds while clients write and the worker sends.</summary>
internal static class TerminatedSessions
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.EmptyHouseAsync("terminated-sessions", findings);
        Server[] all = [await house.StartAsync(house.Web()), await house.StartAsync(house.Worker())];
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(rig.Much(25, 180)));
        var clients = LogClient.WorkAsync(house, () => house.Caller(all[0].Address), 12, rig.Seed, TimeSpan.FromMilliseconds(rig.Much(100, 300)), end.Token);
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(Beat, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await house.Outages.DuringAsync(async () =>
            {
                await house.Database.DoAsync(Database.EndAllSessions);
                foreach (var server in all)
                {
                    await server.ReadyAsync();
                }
            });
            findings.Count("all sessions ended");
        }

        await clients;
        await house.DrainMailAsync(TimeSpan.FromSeconds(200), "1 minute");
        await house.JudgeAsync();
    }
}
