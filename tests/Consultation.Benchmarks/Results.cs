using System.Diagnostics;
using System.Globalization;

namespace Consultation.Benchmarks;

/// <summary>Figures of one operation on one server; times in milliseconds, memory in bytes.</summary>
/// <param name="AppCpu">Processor time of the server per operation.</param>
/// <param name="PostgresCpu">Processor time of all PostgreSQL processes per operation.</param>
/// <param name="ClientShare">What the driving client took of the processor time of all three.</param>
/// <param name="Statements">Statements per operation as PostgreSQL counted them, begin and commit among them.</param>
/// <param name="DiskKb">Fetched from the disk per operation; more than nothing where the data do not fit into the memory.</param>
internal sealed record Figures(
    int Count, double PerSecond, double P50, double P95, double P99, double AppCpu, double PostgresCpu, double ClientShare, double AllocatedKb, double Statements, double DiskKb)
{
    public static Figures? Of(Stretch? stretch)
    {
        if (stretch is not { Count: > 0 })
        {
            return null;
        }

        var sorted = stretch.Ticks.Order().ToArray();
        double At(double part) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))] * 1000.0 / Stopwatch.Frequency;
        var (cost, n) = (stretch.Cost, stretch.Count);
        return new(
            n, n / stretch.Wall.TotalSeconds, At(0.50), At(0.95), At(0.99), cost.App / n, cost.Postgres / n,
            cost.Client / Math.Max(1, cost.App + cost.Postgres + cost.Client), cost.Allocated / 1024.0 / n, (double)cost.Statements / n, cost.FromDisk / 1024.0 / n);
    }
}

/// <param name="BaselineSame">The bare endpoint giving the product's answer, where it otherwise gives a lesser one.</param>
internal sealed record OperationResult(string Name, Figures Product, Figures? Baseline, Figures? BaselineSame, long Resident)
{
    public double? Share => Baseline is null ? null : Product.PerSecond / Baseline.PerSecond;

    /// <summary>The same by processor time of server and database, which says more than the clock where others work on the machine.</summary>
    public double? CpuShare => Baseline is null ? null : (Baseline.AppCpu + Baseline.PostgresCpu) / (Product.AppCpu + Product.PostgresCpu);

    public string Line => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: {Product.PerSecond:0}/s, p95 {Product.P95:0.0} ms{(Baseline is null ? "" : $"; bare {Baseline.PerSecond:0}/s, share {Share:P0}, by CPU {CpuShare:P0}")}{(BaselineSame is null ? "" : $"; bare newest {BaselineSame.PerSecond:0}/s")}");
}

internal sealed record SizeResult(
    string Size, string Postgres, long CasesAtEnd, IReadOnlyList<OperationResult> Operations, IReadOnlyList<double> ColdStarts, long PeakResident, bool StatementsCounted,
    IReadOnlyList<HeavyStatement> Heaviest);

/// <param name="Shapes">The plans seen, reduced to their nodes and indexes; more than one where it changed within the size. Empty where none was seen: it is no query.</param>
internal sealed record HeavyStatement(string Text, double TotalMs, long Calls, IReadOnlyList<PlanShape> Shapes);

internal sealed record PlanShape(string Nodes, int Times);
