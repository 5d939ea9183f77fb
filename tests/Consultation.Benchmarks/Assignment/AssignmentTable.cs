using System.Globalization;
using System.Text;
using Consultation.Routing.Assignment;

namespace Consultation.Benchmarks;

/// <summary>The exact assignment alone, in this process and without a database: what it takes, and what it gains over a clerk's way.</summary>
internal static class AssignmentTable
{
    private const int Seed = 7;

    private static readonly (int Needs, int Experts, double Pairs, int Times)[] Sizes =
        [(500, 300, 0, 9), (500, 300, 0.05, 9), (2_000, 500, 0, 7), (2_000, 500, 0.05, 7), (10_000, 2_000, 0, 3), (10_000, 2_000, 0.02, 3)];

    public static string Measure()
    {
        var text = new StringBuilder();
        text.AppendLine("| needs × experts | fits | cases with both tracks | s | MB | assigned | greedy | points each | greedy | above the bound | above the prices' bound | steps |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (needs, experts, pairs, times) in Sizes)
        {
            var given = Backlogs.Of(needs, experts, pairs, Seed);
            var runs = Enumerable.Range(0, times).Select(_ => Run(given)).OrderBy(r => r.Seconds).ToList();
            var (seconds, memory, plan) = runs[times / 2];
            var greedy = Greedy.Of(given);
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {needs:N0} × {experts:N0} | {given.Needs.Sum(n => (long)n.Fits.Count):N0} | {needs - given.Needs.DistinctBy(n => n.Case).Count()} | {seconds:0.000} | {memory / 1048576.0:0} "
                + $"| {plan.Totals.Assigned} | {greedy.Totals.Assigned} | {Each(plan):0.00} | {Each(greedy):0.00} "
                + $"| {plan.Totals.Cost - plan.LowerBound} | {plan.Totals.Cost - PriceBound.At(given, plan.Prices)} | {plan.Steps} |"));
        }

        return text.ToString();
    }

    /// <summary>From the lists that a board would hand over to the proved answer. Memory is what was alive before and all that was allocated since: the peak is not above it.</summary>
    private static (double Seconds, long Memory, AssignmentPlan Plan) Run(Backlog given)
    {
        var alive = GC.GetTotalMemory(forceFullCollection: true) - GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        var plan = Optimum.Of(new(given.Needs, given.Experts, given.OnePersonBonus));
        return (TimeProvider.System.GetElapsedTime(start).TotalSeconds, alive + GC.GetAllocatedBytesForCurrentThread(), plan);
    }

    /// <summary>Points for each assigned need, without penalties: comparable where as many are assigned.</summary>
    private static double Each(AssignmentPlan plan) => (plan.Totals.Cost - plan.Totals.Penalties) / (double)Math.Max(1, plan.Totals.Assigned);
}
