using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>One kind of trouble, tried from the beginning to the verdict on a house of its own.</summary>
/// <param name="Says">What is done to the product, in one line.</param>
/// <param name="Go">Adds whatever nobody should have met.</param>
/// <param name="Alone">Not beside another one: it takes away what all share, or is about time.</param>
internal sealed record Scenario(string Name, string Says, Func<Rig, Findings, Task> Go, bool Alone = false);

/// <summary>How one went.</summary>
internal sealed record Verdict(Scenario Scenario, TimeSpan Took, IReadOnlyList<string> Found)
{
    public bool IsGood => Found.Count == 0;
}

/// <summary>All scenarios of reliability.md, and how they are run.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("mail-under-fire", "kill -9 of web and worker while clients log inquiries and the mail server flaps", MailUnderFire.GoAsync),
        new("dispatcher-steps", "kill -9 of the worker at every step of a mail's dialogue", DispatcherSteps.GoAsync),
        new("stopped-worker", "SIGSTOP of a worker past its leases, another takes over, SIGCONT", StoppedWorker.GoAsync),
        new("terminated-sessions", "every database session is ended every five seconds while clients write", TerminatedSessions.GoAsync),
        new("lost-answers", "commits and answers that reach nobody, asked again under the same key", LostAnswers.GoAsync),
        new("slot-rush", "64 clients on the same four slots, a server killed and sessions ended among them", SlotRush.GoAsync),
        new("due-rows", "two workers, everything falls due at nine o'clock", DueRows.GoAsync),
        new("two-days-down", "no worker for two days, then everything is due", TwoDaysDown.GoAsync),
        new("node-ahead", "the clock of one node is 15 minutes ahead, then that node dies", NodeAhead.GoAsync),
        new("poison-row", "a follow-up and mails that always fail among good ones", PoisonRow.GoAsync),
        new("restored", "back to a copy of the database: nothing is mailed until it is released", Restored.GoAsync),
        new("chaos", "booking clients, two servers killed, PostgreSQL stopped, crashed and cut off", VisitsRun.AsScenarioAsync, Alone: true),
    ];

    /// <summary>Several at once where that is wanted; those that must be alone at the end.</summary>
    public static async Task<IReadOnlyList<Verdict>> RunAsync(Rig rig, IReadOnlyList<Scenario> scenarios, int atOnce)
    {
        var verdicts = new List<Verdict>();
        foreach (var (group, width) in new[] { (scenarios.Where(s => !s.Alone), atOnce), (scenarios.Where(s => s.Alone), 1) })
        {
            await Parallel.ForEachAsync(group, new ParallelOptions { MaxDegreeOfParallelism = width }, async (scenario, _) =>
            {
                var verdict = await RunAsync(rig, scenario);
                lock (verdicts)
                {
                    verdicts.Add(verdict);
                }
            });
        }

        return [.. scenarios.Select(s => verdicts.Single(v => v.Scenario == s))];
    }

    private static async Task<Verdict> RunAsync(Rig rig, Scenario scenario)
    {
        Console.WriteLine($"{rig.Elapsed:mm\\:ss} {scenario.Name}: {scenario.Says} (seed {rig.Seed})");
        var (findings, watch) = (new Findings(scenario.Name), Stopwatch.StartNew());
        try
        {
            await scenario.Go(rig, findings);
        }
        catch (Exception failure)
        {
            findings.Add($"the scenario itself failed: {failure}");
        }

        return new(scenario, watch.Elapsed, findings.Told);
    }
}
