using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Consultation.Benchmarks;

/// <summary>All figures of a run with the machine they were taken on.</summary>
internal sealed record Report(string Date, string Commit, string Machine, double Seconds, int Clients, IReadOnlyList<SizeResult> Sizes)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<Report> MakeAsync(Options options, IReadOnlyList<SizeResult> sizes)
    {
        var commit = await Product.RunAsync("git", ["describe", "--always", "--dirty", "--abbrev=10"]);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return new(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), commit,
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memory:0} GB, {Cpu()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, PostgreSQL {sizes[0].Postgres}"),
            options.Seconds, options.Clients, sizes);
    }

    public string Json() => JsonSerializer.Serialize(this, Readable);

    public string Table()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine}; commit {Commit}; {Date}; {Clients} clients, {Seconds} s an operation and server.").AppendLine();
        foreach (var size in Sizes)
        {
            Add(text, size);
        }

        AddGrowth(text);
        AddPlans(text);
        return text.ToString();
    }

    private static void Add(StringBuilder text, SizeResult size)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {size.Size} cases").AppendLine();
        text.AppendLine("| operation | /s | bare /s | share | CPU share | p50 ms | p95 | p99 | bare p95 | app CPU ms | db CPU ms | bare app | bare db | KB allocated | statements | KB from disk | bare from disk | client CPU | RSS MB |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var o in size.Operations)
        {
            var (p, b) = (o.Product, o.Baseline);
            string Bare(Func<Figures, string> value) => b is null ? "" : value(b);
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {o.Name} | {p.PerSecond:0} | {Bare(x => N(x.PerSecond, "0"))} | {Bare(_ => N(o.Share!.Value, "0.0 %"))} | {Bare(_ => N(o.CpuShare!.Value, "0.0 %"))} | {p.P50:0.0} | {p.P95:0.0} | {p.P99:0.0} | {Bare(x => N(x.P95, "0.0"))} | {p.AppCpu:0.00} | {p.PostgresCpu:0.00} | {Bare(x => N(x.AppCpu, "0.00"))} | {Bare(x => N(x.PostgresCpu, "0.00"))} | {p.AllocatedKb:0} | {(size.StatementsCounted ? N(p.Statements, "0.0") : "–")} | {p.DiskKb:0.0} | {Bare(x => N(x.DiskKb, "0.0"))} | {p.ClientShare:0 %} | {o.Resident / 1048576.0:0} |"));
        }

        AddSearch(text, size);
        var starts = size.ColdStarts.Order().ToList();
        text.AppendLine().AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"Start to ready: median of {starts.Count} {(starts.Count == 0 ? 0 : starts[starts.Count / 2]):0} ms ({string.Join(", ", starts.Select(s => N(s, "0")))}). Web process at most {size.PeakResident / 1048576.0:0} MB resident. {size.CasesAtEnd} cases at the end.")).AppendLine();
    }

    /// <summary>The main table sets the search against any fifty hits; this one against the newest fifty, which is what the product answers.</summary>
    private static void AddSearch(StringBuilder text, SizeResult size)
    {
        var searches = size.Operations.Where(o => o.BaselineSame is not null).ToList();
        if (searches.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine("| the same answer | /s | bare, newest first, /s | share | CPU ms | bare CPU ms | bare p95 |").AppendLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var o in searches)
        {
            var (p, b) = (o.Product, o.BaselineSame!);
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {o.Name} | {p.PerSecond:0} | {b.PerSecond:0} | {p.PerSecond / b.PerSecond:0 %} | {p.AppCpu + p.PostgresCpu:0.00} | {b.AppCpu + b.PostgresCpu:0.00} | {b.P95:0.0} |"));
        }
    }

    private void AddGrowth(StringBuilder text)
    {
        if (Sizes.Count < 2)
        {
            return;
        }

        text.AppendLine("### Growth of p95 with the size").AppendLine();
        text.AppendLine($"| operation | {string.Join(" | ", Sizes.Select(s => s.Size))} | last step |").AppendLine($"|---|{string.Concat(Sizes.Select(_ => "--:|"))}--:|");
        foreach (var name in Sizes[0].Operations.Select(o => o.Name))
        {
            var found = Sizes.Select(s => s.Operations.FirstOrDefault(o => o.Name == name)).ToList();
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {string.Join(" | ", found.Select(o => o is null ? "" : N(o.Product.P95, "0.0")))} | {(found[^1] is { } last && found[^2] is { } before ? N(last.Product.P95 / before.Product.P95, "0.00") : "")} |");
        }

        text.AppendLine();
    }

    private void AddPlans(StringBuilder text)
    {
        foreach (var statement in Sizes.SelectMany(s => s.Heaviest).Select(h => h.Text).Distinct())
        {
            var seen = Sizes.Select(s => (s.Size, Heavy: s.Heaviest.FirstOrDefault(h => h.Text == statement))).ToList();
            var shapes = seen.Where(s => s.Heavy is not null).SelectMany(s => s.Heavy!.Shapes).Select(shape => shape.Nodes).Distinct().Count();
            text.AppendLine(CultureInfo.InvariantCulture, $"* {(shapes > 1 ? "**FLIPS** " : "")}`{statement}`");
            foreach (var (size, heavy) in seen.Where(s => s.Heavy is not null))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  * {size}: {heavy!.TotalMs:0} ms in {heavy.Calls} calls; {(heavy.Shapes.Count == 0 ? "no plan" : string.Join(" **or** ", heavy.Shapes.Select(shape => $"{shape.Nodes} ×{shape.Times}")))}");
            }
        }
    }

    private static string Cpu() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";

    private static string N(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
