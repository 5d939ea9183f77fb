using System.Collections.Concurrent;
using System.Globalization;

namespace Consultation.Faults;

/// <summary>Few experts and many cases, so that everybody is in everybody's way; what clients have made is for all to work on.</summary>
internal sealed class World
{
    private const int ExpertsOfEach = 3;
    private const int Cases = 16;
    private const int Companies = 9;
    private readonly ConcurrentDictionary<string, byte> cases = new();
    private readonly ConcurrentDictionary<string, byte> visits = new();
    private int made;

    public IReadOnlyList<string> Mic { get; private init; } = [];

    public IReadOnlyList<string> Mhlw { get; private init; } = [];

    public static async Task<World> MakeAsync(Caller caller)
    {
        async Task<List<string>> ExpertsAsync(string affiliation)
        {
            var ids = new List<string>();
            for (var i = 0; i < ExpertsOfEach; i++)
            {
                ids.Add(IdOf(await caller.PostAsync("expert", "/experts", new { name = $"試験 {affiliation} {i}", affiliation, prefecture = "宮城県", capacity = 100, nationwide = true })));
            }

            return ids;
        }

        var world = new World { Mic = await ExpertsAsync("mic"), Mhlw = await ExpertsAsync("mhlw") };
        var random = new Random(0);
        for (var i = 0; i < Cases; i++)
        {
            await world.OpenCaseAsync(caller, random);
        }

        return world;
    }

    /// <summary>A case of a company that others share, with one or both of its tracks accepted.</summary>
    public async Task OpenCaseAsync(Caller caller, Random random)
    {
        var no = Interlocked.Increment(ref made);
        var company = no / 24 * Companies + no % Companies;
        var logged = await caller.PostAsync("log", "/inquiries", new
        {
            channel = "phone", desk = "tohoku", text = "勤怠管理とVPNについて相談したい。", contact = new { name = "担当", email = string.Create(CultureInfo.InvariantCulture, $"client{no}@client.example") },
            organisation = new { name = string.Create(CultureInfo.InvariantCulture, $"株式会社試験{company}"), prefecture = "宮城県", city = "仙台市" },
        });
        if (!logged.IsAcknowledged)
        {
            return;
        }

        var id = IdOf(logged);
        string[] tracks = random.Next(3) switch { 0 => ["mic"], 1 => ["mhlw"], _ => ["mic", "mhlw"] };
        await caller.PostAsync("route", $"/cases/{id}/route", new { tracks, start = tracks.Length > 1 ? "together" : "lead", reason = "試験" });
        foreach (var track in tracks)
        {
            await OfferAsync(caller, id, track, random);
        }

        cases.TryAdd(id, 0);
    }

    public async Task OfferAsync(Caller caller, string id, string track, Random random)
    {
        var of = track == "mic" ? Mic : Mhlw;
        var offer = await caller.PostAsync("offer", $"/cases/{id}/offers", new { track, expertId = of[random.Next(of.Count)], reason = "試験" });
        if (offer.IsAcknowledged)
        {
            await caller.PostAsync("accept", $"/offers/{IdOf(offer)}/accept", new { source = "電話で受諾" });
        }
    }

    public string? AnyCase(Random random) => Any(cases, random);

    public string? AnyVisit(Random random) => Any(visits, random);

    public void Booked(string visit) => visits.TryAdd(visit, 0);

    /// <summary>A hold that a job made; nobody was told of it as of a booking.</summary>
    public void Offered(string visit) => visits.TryAdd(visit, 0);

    public void Over(string visit) => visits.TryRemove(visit, out _);

    public void Closed(string id) => cases.TryRemove(id, out _);

    public static string IdOf(Entry entry) => entry is { IsAcknowledged: true, Answer: { } answer } ? answer.GetProperty("id").GetString()! : throw new InvalidOperationException($"{entry.Act} {entry.Path} was answered with {entry.Status}: {entry.Answer}");

    private static string? Any(ConcurrentDictionary<string, byte> among, Random random)
    {
        var keys = among.Keys.ToList();
        return keys.Count == 0 ? null : keys[random.Next(keys.Count)];
    }
}
