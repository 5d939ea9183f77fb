using System.Collections.Concurrent;
using System.Globalization;

namespace Consultation.Faults;

/// <summary>
/// An installation whose cases had their consultation in the first days of December, made over HTTP with nothing broken: for each, two follow-ups fall due before
/// the contract ends, and a survey. It is copied for every scenario that needs thousands of due rows.
/// </summary>
internal sealed class VisitedCases
{
    /// <summary>All follow-ups of the contract are due, the desks open in an hour.</summary>
    public const string AllDue = "2027-03-17";

    /// <summary>What the job takes on that day.</summary>
    public const string Due = "select count(*) from follow_ups where state = 'planned' and due_on <= date '" + AllDue + "'";

    private const int CasesOfExpert = 40;
    private static readonly int[] Hours = [9, 11, 13, 15];
    private static readonly DateOnly[] Days = [.. new[] { 25, 26, 27, 30, 31, 32, 33, 34, 37, 38 }.Select(d => new DateOnly(2026, 11, 1).AddDays(d - 1))];

    /// <summary>What the clients were told while it was made.</summary>
    public IReadOnlyList<Entry> Entries { get; private init; } = [];

    /// <summary>The Message-IDs of the letters that left before any fault.</summary>
    public IReadOnlySet<string> Letters { get; private init; } = new HashSet<string>();

    public static async Task<VisitedCases> MakeAsync(Rig rig)
    {
        var findings = new Findings("visited");
        await using var house = await rig.EmptyHouseAsync("visited", findings);
        var web = await house.StartAsync(house.Web());
        var worker = await house.StartAsync(house.Worker());
        var (caller, many) = (house.Caller(web.Address), rig.Much(150, 1000));
        var experts = new List<string>();
        for (var i = 0; i < (many + CasesOfExpert - 1) / CasesOfExpert; i++)
        {
            experts.Add(World.IdOf(await caller.PostAsync("expert", "/experts", new
            {
                name = $"試験 専門家 {i}", affiliation = "mic", prefecture = "宮城県", capacity = 100, nationwide = true, email = string.Create(CultureInfo.InvariantCulture, $"expert{i}@desk.example"),
            })));
        }

        var visits = new ConcurrentBag<string>();
        await EachAsync(many, async i => visits.Add(await BookAsync(caller, i, experts[i / CasesOfExpert])));
        house.Say($"{many} cases have a date");
        await house.Database.SetClockAsync("2026-12-09 10:00+09");
        // Every process follows the clock within a second.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var booked = visits.ToList();
        await EachAsync(many, async i => await ReportAsync(caller, booked[i]));
        await house.DrainMailAsync(TimeSpan.FromMinutes(5), "0 seconds");
        await house.JudgeAsync();
        if (findings.Any)
        {
            throw new InvalidOperationException($"Making cases without any fault already went wrong: {string.Join("; ", findings.Told)}");
        }

        house.Stay();
        return new()
        {
            Entries = house.Entries,
            Letters = (await house.Database.RowsAsync("select message_id from outgoing_mail", r => r.GetString(0))).ToHashSet(),
        };
    }

    private static async Task<string> BookAsync(Caller caller, int no, string expert)
    {
        var id = World.IdOf(await LogClient.LogAsync(caller, no));
        await Told(caller.PostAsync("route", $"/cases/{id}/route", new { tracks = new[] { "mic" }, reason = "試験" }));
        var offer = World.IdOf(await caller.PostAsync("offer", $"/cases/{id}/offers", new { track = "mic", expertId = expert, reason = "試験" }));
        await Told(caller.PostAsync("accept", $"/offers/{offer}/accept", new { source = "電話で受諾" }));
        var (day, hour) = (Days[no % CasesOfExpert / Hours.Length], Hours[no % Hours.Length]);
        return World.IdOf(await caller.PostAsync("book", $"/cases/{id}/visits", new
        {
            start = $"{day:yyyy-MM-dd}T{hour:00}:00:00+09:00", end = $"{day:yyyy-MM-dd}T{hour + 1:00}:00:00+09:00", mode = "web", tracks = new[] { "mic" }, stage = "assess",
        }));
    }

    private static async Task ReportAsync(Caller caller, string visit)
    {
        await Told(caller.PostAsync("complete", $"/visits/{visit}/complete", new { outcome = "took_place", source = "電話で確認" }));
        await Told(caller.PostAsync("report", $"/visits/{visit}/report", new { track = "mic", text = "助言した。", next = "done", source = "電話で口述" }));
    }

    private static Task EachAsync(int many, Func<int, Task> act) =>
        Parallel.ForEachAsync(Enumerable.Range(0, many), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) => await act(i));

    private static async Task Told(Task<Entry> act)
    {
        if (await act is { IsAcknowledged: false } refused)
        {
            throw new InvalidOperationException($"{refused.Act} {refused.Path} was answered with {refused.Status}: {refused.Answer}");
        }
    }
}
