namespace Consultation.Faults;

/// <summary>
/// A wire between the product and PostgreSQL that cuts after COMMIT was done and before anybody hears of it, and one between clients and the web that does the same with
/// answers. Clients ask again under the same key; there must be one case, one booking, one letter of each.
/// </summary>
internal static class LostAnswers
{
    private const int Least = 10;

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.EmptyHouseAsync("lost-answers", findings);
        var (random, gate, isWhole) = (new Random(rig.Seed), new Lock(), false);
        await using var toDatabase = new TcpProxy(rig.Postgres.Port, () => new CommitJudge(random, gate, () => Volatile.Read(ref isWhole), findings));
        // Whoever works here meets lost answers all the time, until the wire to the database is mended for the last mails.
        house.Outages.Begin();
        var web = await house.StartAsync(house.Web(toDatabase.Port));
        await house.StartAsync(house.Worker(databasePort: toDatabase.Port));
        await using var toWeb = new TcpProxy(new Uri(web.Address).Port, () => new AnswerJudge(random, gate, findings));
        Caller Client() => house.Caller($"http://127.0.0.1:{toWeb.Port}");

        var world = await World.MakeAsync(Client());
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(rig.Much(25, 120)));
        await Task.WhenAll(
            LogClient.WorkAsync(house, Client, 4, rig.Seed, TimeSpan.FromMilliseconds(rig.Much(100, 200)), end.Token),
            Task.WhenAll(Enumerable.Range(0, 6).Select(i => new VisitClient(Client(), world, findings, new Random(rig.Seed * 1000 + i)).WorkAsync(end.Token))));
        Volatile.Write(ref isWhole, true);
        // Letters of which no mark got through lie there until their leases run out.
        await Task.Delay(TimeSpan.FromSeconds(5));
        await house.OutliveLeasesAsync();
        await house.DrainMailAsync(TimeSpan.FromSeconds(200), "1 minute");
        house.Outages.End();
        foreach (var what in new[] { "COMMIT done, answer lost", "cut before COMMIT", "HTTP answer lost" }.Where(w => findings.Counted(w) < Least))
        {
            findings.Add($"{what}: {findings.Counted(what)} times only; nothing was tried");
        }

        await house.JudgeAsync();
    }
}
