using System.Globalization;
using System.Text.Json;

namespace Consultation.Faults;

/// <summary>Compares what clients were told with what stands in the database. Asks the tables and never the product.</summary>
internal static class Judge
{
    public static async Task CompareAsync(Database database, IReadOnlyList<Entry> entries, Findings findings)
    {
        var acknowledged = entries.Where(e => e.IsAcknowledged).ToList();
        await OverlapsAsync(database, findings);
        await OnceAsync(database, acknowledged, findings);
        await VisitsAsync(database, acknowledged, findings);
        findings.Count("acknowledged writes", acknowledged.Count);
    }

    private static async Task OverlapsAsync(Database database, Findings findings)
    {
        var overlaps = await database.CountAsync("""
            select count(*) from expert_diary a join expert_diary b on a.expert_id = b.expert_id and a.id < b.id and a.busy && b.busy
            where a.state in ('held', 'confirmed', 'completed') and b.state in ('held', 'confirmed', 'completed')
            """);
        if (overlaps > 0)
        {
            findings.Add($"{overlaps} overlaps in the diaries");
        }
    }

    /// <summary>Every acknowledged booking, and nothing that nobody was told of, stands there once.</summary>
    private static async Task OnceAsync(Database database, List<Entry> acknowledged, Findings findings)
    {
        foreach (var (act, sql) in new[]
        {
            // What a job holds for a waiting client was told to nobody as a booking.
            ("book", "select id::text from visits where booked_by not like '%offer-freed-slots%'"), ("log", "select id::text from cases"),
            ("expert", "select id::text from experts"), ("offer", "select id::text from offers where true"),
        })
        {
            var told = acknowledged.Where(e => e.Act == act).Select(World.IdOf).ToList();
            var there = (await database.RowsAsync(sql, row => row.GetString(0))).ToHashSet();
            foreach (var missing in told.Where(id => !there.Contains(id)))
            {
                findings.Add($"acknowledged but not there: {act} {missing}");
            }

            if (told.Distinct().Count() != told.Count)
            {
                findings.Add($"one {act} was told to two clients");
            }

            if (act is "book" or "log" && there.Count != told.Count)
            {
                findings.Add($"{act}: {there.Count} rows for {told.Count} acknowledged");
            }
        }

        // A hold for who waits for an earlier time moves the booked visit when it is confirmed.
        var moved = await database.RowsAsync("select subject_id::text, count(*)::int from audit_entry where action = 'visit.moved' group by 1", row => (Id: row.GetString(0), Count: row.GetInt32(1)));
        var moves = acknowledged.Where(e => e.Act == "reschedule" || (e.Act == "confirm" && !e.Path.Contains(World.IdOf(e), StringComparison.Ordinal))).GroupBy(World.IdOf).ToDictionary(g => g.Key, g => g.Count());
        foreach (var id in moves.Keys.Union(moved.Select(m => m.Id)))
        {
            var (wanted, done) = (moves.GetValueOrDefault(id), moved.FirstOrDefault(m => m.Id == id).Count);
            if (wanted != done)
            {
                findings.Add($"visit {id} was moved {done} times for {wanted} acknowledged");
            }
        }
    }

    /// <summary>The answer with the highest version is the last word about its visit, unless a job or the end of its case came after it.</summary>
    private static async Task VisitsAsync(Database database, List<Entry> acknowledged, Findings findings)
    {
        var rows = (await database.RowsAsync(
            "select id::text, state, starts_at, mode, coalesce(place, '') from visits",
            row => (Id: row.GetString(0), State: row.GetString(1), Start: row.GetFieldValue<DateTime>(2), Mode: row.GetString(3), Place: row.GetString(4)))).ToDictionary(v => v.Id);
        foreach (var told in acknowledged.Where(e => e.Act is "book" or "confirm" or "reschedule" or "cancel" or "complete").GroupBy(World.IdOf))
        {
            if (!rows.TryGetValue(told.Key, out var row))
            {
                continue;
            }

            var last = told.MaxBy(e => e.Version)!.Answer!.Value;
            string Text(string name) => last.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";
            var start = DateTimeOffset.Parse(Text("start"), CultureInfo.InvariantCulture).UtcDateTime;
            if (start != row.Start || Text("mode") != row.Mode || Text("place") != row.Place)
            {
                findings.Add($"visit {row.Id} stands at {row.Start:O} {row.Mode}, its client was told {start:O} {Text("mode")}");
            }

            var state = Text("state");
            var ended = told.Select(e => e.Answer!.Value.GetProperty("state").GetString()!).FirstOrDefault(s => s is "cancelled" or "took_place" or "no_show");
            if (ended is not null ? ended != row.State : row.State != state && row.State != "cancelled")
            {
                findings.Add($"visit {row.Id} is {row.State}, its client was told {ended ?? state}");
            }
        }
    }
}
