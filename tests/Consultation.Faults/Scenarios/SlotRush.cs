using System.Globalization;

namespace Consultation.Faults;

/// <summary>
/// Sixty-four clients, each with a case of its own, want the same four hours of one expert, on two servers of which one is killed and from under which the sessions are
/// taken in the rush. Each hour goes to exactly one of them, and whoever is refused hears of other times.
/// </summary>
internal static class SlotRush
{
    private const int Clients = 64;
    private static readonly int[] Hours = [9, 11, 13, 15];

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.EmptyHouseAsync("slot-rush", findings);
        Server[] webs = [await house.StartAsync(house.Web()), await house.StartAsync(house.Web())];
        await house.StartAsync(house.Worker());
        var caller = house.Caller([.. webs.Select(w => w.Address)]);
        var random = new Random(rig.Seed);
        var rounds = rig.Much(2, 10);
        // Who has got an hour does not come again.
        var waiting = await CasesAsync(caller, Clients + (rounds * Hours.Length));
        for (var round = 0; round < rounds; round++)
        {
            var day = new DateOnly(2026, 11, 30).AddDays((round / 5 * 7) + (round % 5));
            var rush = Task.WhenAll(waiting.Take(Clients).Select((id, i) => TakeOneAsync(house, caller, id, day, new Random((rig.Seed * 100_000) + (round * Clients) + i))));
            await Task.Delay(random.Next(20, 150));
            await (round % 2 == 0 ? house.KillAndStartAsync(webs[random.Next(2)], random.Next(300)) : house.Outages.DuringAsync(() => house.Database.DoAsync(Database.EndAllSessions)));
            waiting = [.. waiting.Except((await rush).OfType<string>())];
            foreach (var (hour, count) in await house.Database.RowsAsync(
                $"""
                select extract(hour from v.starts_at at time zone 'Asia/Tokyo')::int, count(*)::int from visits v
                where (v.starts_at at time zone 'Asia/Tokyo')::date = date '{day:yyyy-MM-dd}' and v.state = 'confirmed' group by 1
                """, r => (r.GetInt32(0), r.GetInt32(1))))
            {
                findings.Count("hours taken", count == 1 && Hours.Contains(hour) ? 1 : 0);
            }
        }

        if (findings.Counted("hours taken") != rounds * Hours.Length)
        {
            findings.Add($"{findings.Counted("hours taken")} of {rounds * Hours.Length} hours were taken by exactly one client");
        }

        await house.DrainMailAsync(TimeSpan.FromSeconds(200), "0 seconds");
        await house.JudgeAsync();
    }

    /// <summary>One after the other until one is got or all are gone.</summary>
    /// <returns>The case, where it got one.</returns>
    private static async Task<string?> TakeOneAsync(House house, Caller caller, string id, DateOnly day, Random random)
    {
        foreach (var hour in Hours.OrderBy(_ => random.Next()).ToList())
        {
            var asked = await caller.PostAsync("book", $"/cases/{id}/visits", new
            {
                start = $"{day:yyyy-MM-dd}T{hour:00}:00:00+09:00", end = $"{day:yyyy-MM-dd}T{hour + 1:00}:00:00+09:00", mode = "web", stage = "assess", consumesQuota = false, quotaReason = "試験のため",
            });
            if (asked.IsAcknowledged)
            {
                return id;
            }

            if (asked.Answer is not { } answer || answer.GetProperty("code").GetString() != "visit.taken" || !answer.TryGetProperty("nextSlots", out _))
            {
                house.Findings.Add($"not refused as taken with the next free times: {asked.Status} {asked.Answer}");
            }
        }

        return null;
    }

    private static async Task<List<string>> CasesAsync(Caller caller, int many)
    {
        var expert = World.IdOf(await caller.PostAsync("expert", "/experts", new { name = "試験 専門家", affiliation = "mic", prefecture = "宮城県", capacity = 100, nationwide = true }));
        var cases = new List<string>();
        for (var i = 0; i < many; i++)
        {
            var id = World.IdOf(await caller.PostAsync("log", "/inquiries", new
            {
                channel = "phone", desk = "tohoku", text = "VPNについて相談したい。", organisation = new { name = string.Create(CultureInfo.InvariantCulture, $"株式会社殺到{i}"), prefecture = "宮城県" },
            }));
            await caller.PostAsync("route", $"/cases/{id}/route", new { tracks = new[] { "mic" }, reason = "試験" });
            var offer = World.IdOf(await caller.PostAsync("offer", $"/cases/{id}/offers", new { track = "mic", expertId = expert, reason = "試験" }));
            await caller.PostAsync("accept", $"/offers/{offer}/accept", new { source = "電話で受諾" });
            cases.Add(id);
        }

        return cases;
    }
}
