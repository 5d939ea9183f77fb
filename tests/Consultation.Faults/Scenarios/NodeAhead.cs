using System.Globalization;

namespace Consultation.Faults;

/// <summary>
/// The machine of one of two workers believes that it is a quarter of an hour later (<see cref="StartupHook"/>). Nothing may be fired early for it; and when that
/// node dies, the other one must not wait for times that only the dead one believed in.
/// </summary>
internal static class NodeAhead
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(120);

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.VisitedHouseAsync("node-ahead", "08:50", findings);
        var many = await house.Database.CountAsync(VisitedCases.Due);
        var web = await house.StartAsync(house.Web());
        var ahead = house.Worker(more: new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(NodeAhead).Assembly.Location,
            [StartupHook.MinutesVariable] = "15",
        });
        await house.StartAsync(ahead);
        await LooksAheadAsync(house, ahead);
        await house.StartAsync(house.Worker());

        // By that node's clock the desks have been open for minutes.
        await LogClient.LogAsync(house, house.Caller(web.Address), 20);
        await Task.Delay(TimeSpan.FromSeconds(rig.Much(20, 90)));
        if (many - await house.Database.CountAsync(VisitedCases.Due) is > 0 and var early)
        {
            findings.Add($"{early} follow-ups were fired before the desks opened");
        }

        // Not quite: a minute early is allowed, and a job knocks once a minute.
        await house.Database.SetClockAsync($"{VisitedCases.AllDue} 08:59:50+09");
        if (!await house.NoneLeftAsync(VisitedCases.Due, TimeSpan.FromSeconds(300)))
        {
            findings.Add("not everything was fired in five minutes");
        }

        await house.DrainMailAsync(TimeSpan.FromSeconds(300), "0 seconds");
        await FollowUpJudge.CompareAsync(house, DateTimeOffset.Parse($"{VisitedCases.AllDue}T09:00:00+09:00", CultureInfo.InvariantCulture));
        await DiesAsync(house, ahead);
        await LogClient.LogAsync(house, house.Caller(web.Address), 20);
        await house.OutliveLeasesAsync();
        await house.DrainMailAsync(TimeSpan.FromSeconds(120), "0 seconds");
        await house.JudgeAsync();
    }

    /// <summary>That the node really lives in another time is seen in the date it puts on its answers; its business time is the database's.</summary>
    private static async Task LooksAheadAsync(House house, Server ahead)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"{ahead.Address}/health/live"));
        var by = answer.Headers.Date - TimeProvider.System.GetUtcNow();
        if (!(by > TimeSpan.FromMinutes(14) && by < TimeSpan.FromMinutes(16)))
        {
            house.Findings.Add($"the node's clock is not ahead ({by}); nothing was tried");
        }
    }

    private static async Task DiesAsync(House house, Server ahead)
    {
        await house.Database.DoAsync("create table beats as select name, runs from work_runs where name in ('dispatch-mail', 'raise-follow-ups', 'expire-holds', 'seal-audit')");
        await house.Outages.DuringAsync(async () =>
        {
            ahead.Kill();
            if (!await house.NoneLeftAsync("select count(*) from beats b join work_runs w using (name) where w.runs <= b.runs", Late))
            {
                house.Findings.Add($"two minutes after the node ahead died these jobs still stand: {string.Join(", ", await house.Database.RowsAsync("select name from beats b join work_runs w using (name) where w.runs <= b.runs", r => r.GetString(0)))}");
            }
        });
        await house.Database.DoAsync("drop table beats");
    }
}
