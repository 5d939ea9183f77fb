using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Consultation.Persistence;

namespace Consultation.Benchmarks;

/// <summary>
/// The plans of the statements on which the product's operations spent most of PostgreSQL's time. They are written down by
/// <c>auto_explain</c> while every operation is done a few times more, after the measurement, so that writing them costs no figure.
/// </summary>
internal static partial class Plans
{
    private const int Heaviest = 10;
    private const int Turns = 12;

    private sealed record Statement(string Text, double TotalMs, long Calls);

    public static async Task<IReadOnlyList<HeavyStatement>> TakeAsync(Scene scene, Product product, string work, Options options)
    {
        var database = scene.Database;
        if (!database.Counts || !database.Explains)
        {
            return [];
        }

        var heavy = await database.RowsAsync($"""
            select query, total_exec_time, calls from benchmark.pg_stat_statements s join pg_roles r on r.oid = s.userid
            where r.rolname = '{PrivateCluster.AppRole}' order by total_exec_time desc limit {Heaviest}
            """, row => new Statement(row.GetString(0), row.GetDouble(1), row.GetInt64(2)));
        var start = new FileInfo(database.ServerLog).Length;
        await SetAsync(database, "session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0", "auto_explain.log_format = json");
        try
        {
            using var served = product.Serve(database, work);
            await scene.GetReadyAsync(served);
            foreach (var operation in Catalogue.Of(scene).Where(operation => options.Wants(operation.Name)))
            {
                await operation.PrepareAsync(scene);
                using var crew = new Crew(scene, operation, Side.Product, served.Port);
                crew.Work(TimeSpan.FromSeconds(30), Turns);
            }
        }
        finally
        {
            await SetAsync(database, "session_preload_libraries = default", "auto_explain.log_min_duration = default", "auto_explain.log_format = default");
        }

        var shapes = ShapesIn(database.ServerLog, start);
        return [.. heavy.Select(s => new HeavyStatement(Shortened(s.Text), s.TotalMs, s.Calls, shapes.TryGetValue(Bare(s.Text), out var seen) ? seen : []))];
    }

    // The server knows these settings only where the library is loaded.
    private static Task SetAsync(Database database, params string[] settings) =>
        database.DoInOrderAsync(["load 'auto_explain'", .. settings.Select(setting => $"alter system set {setting}"), "select pg_reload_conf()"]);

    /// <summary>By the text of the statement: every shape with how often it was met, the usual first.</summary>
    private static Dictionary<string, IReadOnlyList<PlanShape>> ShapesIn(string log, long from)
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var seen = new Dictionary<string, Dictionary<string, int>>();
        StringBuilder? entry = null;
        while (reader.ReadLine() is { } line)
        {
            // What belongs to an entry is indented by a tab.
            if (line.StartsWith('\t'))
            {
                entry?.AppendLine(line);
            }
            else
            {
                Keep();
                entry = line.EndsWith("plan:", StringComparison.Ordinal) ? new() : null;
            }
        }

        Keep();
        return seen.ToDictionary(s => s.Key, s => (IReadOnlyList<PlanShape>)[.. s.Value.OrderByDescending(shape => shape.Value).Select(shape => new PlanShape(shape.Key, shape.Value))]);

        void Keep()
        {
            if (entry is not { Length: > 0 })
            {
                return;
            }

            using var plan = JsonDocument.Parse(entry.ToString());
            var shape = Shape(plan.RootElement.GetProperty("Plan"));
            var text = Bare(plan.RootElement.GetProperty("Query Text").GetString()!);
            var counts = seen.TryGetValue(text, out var known) ? known : seen[text] = [];
            counts[shape] = counts.GetValueOrDefault(shape) + 1;
        }
    }

    /// <summary>Node types with their indexes, children in brackets.</summary>
    private static string Shape(JsonElement node)
    {
        var shape = new StringBuilder(node.GetProperty("Node Type").GetString());
        if ((node.TryGetProperty("Index Name", out var name) || node.TryGetProperty("Relation Name", out name)) && name.GetString() is { } found)
        {
            shape.Append(' ').Append(found);
        }

        if (node.TryGetProperty("Plans", out var children))
        {
            shape.Append('(').AppendJoin(", ", children.EnumerateArray().Select(Shape)).Append(')');
        }

        return shape.ToString();
    }

    /// <summary>
    /// Without what one record writes as a value and the other as a place for it. (The log could carry the statement's id, but writes down a
    /// plan only when its portal is dropped, by which time the id is the next statement's.)
    /// </summary>
    private static string Bare(string text) => Space().Replace(Value().Replace(text, "?"), " ").Trim();

    private static string Shortened(string text)
    {
        var line = Space().Replace(text, " ").Trim();
        return line.Length <= 240 ? line : $"{line[..120]} … {line[^110..]}";
    }

    [GeneratedRegex(@"[eE]?'(?:[^']|'')*'|\$\d+|\b\d+(?:\.\d+)?\b|\b(?:TRUE|FALSE|NULL)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Value();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
