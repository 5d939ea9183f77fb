using System.Diagnostics;
using System.Runtime;
using Consultation.Audit;
using Consultation.Demo;
using Consultation.Web.Host;

namespace Consultation.Web.CommandLine;

/// <summary><c>load</c>: fills an installation with synthetic cases for measurements; refuses where people work with real ones.</summary>
internal static class Load
{
    private const int Step = 10_000;

    public static readonly Verb Verb = new(
        "load", "load --cases N [--experts N] [--visits N] [--follow-ups N] [--seed N]", "測定用の架空の案件を大量に入れる（実際のデータがある環境では断る）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var cases = arguments.Number("--cases", 1, 10_000_000);
        var experts = arguments.Number("--experts", 1, 100_000);
        var visits = arguments.Number("--visits", 0, 30_000_000);
        var followUps = arguments.Number("--follow-ups", 0, 40_000_000);
        var seed = arguments.Number("--seed", 0, int.MaxValue) ?? 1;
        var folder = arguments.Option("--data");
        arguments.Done();
        if (cases is null)
        {
            throw new UsageError("--cases N がありません。");
        }

        await using var data = await ProductData.OpenAsync(folder, cancellationToken);
        await using var product = await Product.OnAsync(data, null, cancellationToken);
        await using var owner = Npgsql.NpgsqlDataSource.Create(data.OwnerConnectionString);
        await product.SendAsync(new SeedEssentials(), cancellationToken);
        // The load goes on with the chain of seals, so what was there before it comes first.
        while (await product.SendAsync(new SealAudit(), cancellationToken) > 0)
        {
        }

        // Nobody waits for an answer, and collecting beside the work costs more than stopping for it.
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var watch = Stopwatch.StartNew();
        var loaded = await LoadUpkeep.AroundAsync(
            owner, () => product.SendAsync(new LoadData(cases.Value, experts, visits, followUps, seed, new Steps()), cancellationToken), cancellationToken);
        var spent = watch.Elapsed;
        Console.WriteLine($"案件 {loaded.Cases}件、専門家 {loaded.Experts}名、相談の予約・実施 {loaded.Visits}件、フォローアップ {loaded.FollowUps}件を入れました（{spent.TotalSeconds:0.0}秒、毎秒 {loaded.Cases / spent.TotalSeconds:0}件）");
        return 0;
    }

    private sealed class Steps : IProgress<int>
    {
        public void Report(int value)
        {
            if (value % Step == 0)
            {
                Console.Error.WriteLine($"{value}件");
            }
        }
    }
}
