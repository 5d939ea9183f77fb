using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Consultation.Benchmarks;

/// <summary>
/// Books the next consultation of a case by telephone, at a time that the product itself has offered for its expert; each half hour once, and each
/// case as often as its quota allows, so that every booking must succeed. The bare endpoint knows no free times and books beyond
/// anybody's diary, on cases of its own.
/// </summary>
internal sealed class Book : Operation
{
    private const int BareCases = 500;
    private static readonly DateTimeOffset BeyondDiaries = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<(Guid Case, string Start, string End)> open = [];
    private readonly List<Guid> bare = [];
    private int taken;
    private static int bareTaken;

    public override string Name => "booking";

    public override async Task PrepareAsync(Scene scene)
    {
        var cases = await scene.Database.RowsAsync("""
            select c.id, t.expert_id, coalesce(q."limit" - q.held - q.used, 3) from cases c
            join case_tracks t on t.case_id = c.id and t.state in ('held', 'done') and t.expert_id is not null
            left join quota_accounts q on q.organisation_id = c.organisation_id and q.fiscal_year = 2026
            where c.status in ('assigned', 'booked', 'following_up') and not c.on_hold and c.organisation_id is not null
              and (select count(*) from case_tracks o where o.case_id = c.id and o.state in ('held', 'done')) = 1
              and not exists (select 1 from cases s where s.organisation_id = c.organisation_id and s.id < c.id and s.status <> 'closed')
              and coalesce(q."limit" - q.held - q.used, 3) > 0
            order by md5(c.id::text) limit 30000
            """, row => (Case: row.GetGuid(0), Expert: row.GetGuid(1), Left: row.GetInt32(2)));
        bare.AddRange(cases.Take(Math.Min(BareCases, cases.Count / 4)).Select(c => c.Case));
        var own = cases.Skip(bare.Count).ToList();
        var slots = new Dictionary<Guid, Queue<(string Start, string End)>>();
        foreach (var expert in own.GroupBy(c => c.Expert))
        {
            slots[expert.Key] = await SlotsAsync(scene, expert.First().Case);
        }

        // Round by round, so that nobody books on one case at the same time as another.
        for (var round = 0; own.Exists(c => c.Left > round); round++)
        {
            foreach (var (id, expert, _) in own.Where(c => c.Left > round))
            {
                if (slots[expert].TryDequeue(out var slot))
                {
                    open.Add((id, slot.Start, slot.End));
                }
            }
        }
    }

    public override Turn Begin(Scene scene, Side side, Line line, int client) => side != Side.Product ? Bare(scene, line) : () =>
    {
        var next = Interlocked.Increment(ref taken) - 1;
        if (next >= open.Count)
        {
            return false;
        }

        var (id, start, end) = open[next];
        Ask(line, Request(scene, line, "POST", $"/api/v1/cases/{id}/visits", Body(start, end)), 201, 100);
        return true;
    };

    private Turn Bare(Scene scene, Line line) => () =>
    {
        if (bare.Count == 0)
        {
            return false;
        }

        var next = Interlocked.Increment(ref bareTaken);
        var start = BeyondDiaries + (scene.BareBookings + next) * TimeSpan.FromMinutes(30);
        var body = Body(start.ToString("O", CultureInfo.InvariantCulture), start.AddMinutes(30).ToString("O", CultureInfo.InvariantCulture));
        Ask(line, Request(scene, line, "POST", $"/api/v1/cases/{bare[next % bare.Count]}/visits", body), 201, 20);
        return true;
    };

    private static string Body(string start, string end) => $$"""{"start":"{{start}}","end":"{{end}}","mode":"phone","stage":"prepare"}""";

    /// <summary>The free half hours of the case's expert, none overlapping another.</summary>
    private static async Task<Queue<(string, string)>> SlotsAsync(Scene scene, Guid id)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{scene.ProductPort}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", scene.Callers.CentreToken);
        var slots = new Queue<(string, string)>();
        string? after = null;
        do
        {
            var page = await http.GetStringAsync($"/api/v1/cases/{id}/slots?mode=phone&minutes=30&limit=200&from=2026-11-25&to=2027-01-15{(after is null ? "" : $"&after={after}")}");
            using var json = JsonDocument.Parse(page);
            foreach (var slot in json.RootElement.GetProperty("items").EnumerateArray())
            {
                slots.Enqueue((slot.GetProperty("start").GetString()!, slot.GetProperty("end").GetString()!));
            }

            after = json.RootElement.GetProperty("next").GetString();
        }
        while (after is not null);
        return slots;
    }
}
