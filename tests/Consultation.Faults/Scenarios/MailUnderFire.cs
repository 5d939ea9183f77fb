namespace Consultation.Faults;

/// <summary>
/// Clients log inquiries, each of which owes a receipt, while the mail server flaps in every way of <see cref="MailScript"/> and web and worker are killed. The clock
/// runs ahead, so that what was put off is tried again.
/// </summary>
internal static class MailUnderFire
{
    private const int Clients = 6;

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        var isFair = false;
        await using var house = await rig.EmptyHouseAsync("mail-under-fire", findings, MailScript.Flapping(new(rig.Seed), () => Volatile.Read(ref isFair)));
        var (web, worker) = (await house.StartAsync(house.Web()), await house.StartAsync(house.Worker(patience: 4)));
        var seconds = rig.Much(25, 150);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var clients = LogClient.WorkAsync(house, () => house.Caller(web.Address), Clients, rig.Seed, TimeSpan.FromMilliseconds(700), end.Token);
        await KillAsync(house, [web, worker], new(rig.Seed), end.Token);
        await clients;
        house.Say($"{findings.Counted("kill -9")} kills while clients wrote; the rest of the mail goes out");

        // Part of it in the same weather.
        await Task.Delay(TimeSpan.FromSeconds(rig.Much(5, 60)));
        Volatile.Write(ref isFair, true);

        // The last one leaves mails behind whose end nobody saw.
        await house.Outages.DuringAsync(async () =>
        {
            worker.Kill();
            await house.OutliveLeasesAsync();
            await house.StartAsync(worker);
        });
        await house.DrainMailAsync(TimeSpan.FromSeconds(rig.Much(120, 300)), "2 hours");
        foreach (var (script, times) in house.Mail.Played.Where(p => p.Key != "good"))
        {
            findings.Count($"[{script}]", times);
        }

        await house.JudgeAsync();
    }

    private static async Task KillAsync(House house, IReadOnlyList<Server> servers, Random random, CancellationToken end)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1500, 4500)), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested)
            {
                return;
            }

            await house.KillAndStartAsync(servers[random.Next(servers.Count)], random.Next(800));
            house.Findings.Count("kill -9");
            await house.Database.MoveClockAsync("10 minutes");
        }
    }
}
