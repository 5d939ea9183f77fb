using System.Collections.Concurrent;
using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>
/// A worker is stopped where it stands (SIGSTOP) with four conversations under way and more mails leased; its leases run out, another worker takes over, and
/// then it goes on as though no time had passed. What it had not begun it must not send any more.
/// </summary>
internal static class StoppedWorker
{
    private const int Mails = 12;
    private static readonly MailStep[] Holds = [MailStep.Dot, MailStep.Rcpt, MailStep.Kept, MailStep.Data];

    /// <summary>reliability.md, I4: how late work may be while a worker is up.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(120);

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.EmptyHouseAsync("stopped-worker", findings);
        var web = await house.StartAsync(house.Web());
        var (first, second) = (house.Worker(patience: 60), house.Worker(patience: 60));
        await LogClient.LogAsync(house, house.Caller(web.Address), Mails);
        var held = new ConcurrentDictionary<int, MailStep>();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var all = new CountdownEvent(Holds.Length);
        house.Mail.At = (step, conversation, _) =>
        {
            // Whatever it would begin beside the four waits at the door, so that mails are left that it has leased and not begun.
            if (conversation > Holds.Length)
            {
                return step == MailStep.Connect ? go.Task : Task.CompletedTask;
            }

            if (Holds[conversation - 1] != step || !held.TryAdd(conversation, step))
            {
                return Task.CompletedTask;
            }

            all.Signal();
            return go.Task;
        };
        await house.StartAsync(first);
        if (!await Task.Run(() => all.Wait(TimeSpan.FromSeconds(60))))
        {
            findings.Add($"only {held.Count} conversations came to where they were to be stopped");
        }

        var begun = 0;
        await house.Outages.DuringAsync(async () =>
        {
            first.Freeze();
            begun = house.Mail.Conversations;
            go.SetResult();
            await house.StartAsync(second);
            await house.OutliveLeasesAsync();
            var watch = Stopwatch.StartNew();
            // What it had locked when it was stopped stays so until the server ends its session, a minute later; the slice does not wait for that.
            await house.DrainMailAsync(Late + Late, "0 seconds", rings: false, besidesLocked: !rig.IsWhole);
            house.Say($"the other worker sent everything within {watch.Elapsed.TotalSeconds:0.0} s after the leases had run out");
            await TakenOverAsync(house);
            first.Thaw();
            await Task.Delay(TimeSpan.FromSeconds(8));
        });

        // It is a member again: what is written now leaves once, whoever hears of it first.
        await LogClient.LogAsync(house, house.Caller(web.Address), Mails);
        await house.DrainMailAsync(Late, "0 seconds");
        var its = house.Mail.Copies.Where(c => c.Conversation <= begun).Select(c => c.MessageId).ToHashSet();
        foreach (var twice in house.Mail.Copies.Where(c => c.IsKept).GroupBy(c => c.MessageId).Where(c => c.Count() > 1 && !its.Contains(c.Key)))
        {
            findings.Add($"mail {twice.Key} had not been begun by the stopped worker and was received {twice.Count()} times");
        }

        await house.JudgeAsync();
    }

    /// <summary>A job that runs on one node at a time must not wait for a node that stands still.</summary>
    private static async Task TakenOverAsync(House house)
    {
        var watch = Stopwatch.StartNew();
        await house.Database.DoAsync("create table beats as select name, runs from work_runs where name in ('seal-audit', 'expire-holds', 'dispatch-mail')");
        if (!await house.NoneLeftAsync("select count(*) from beats b join work_runs w using (name) where w.runs <= b.runs", Late))
        {
            house.Findings.Add($"jobs of the stopped node stand still: {string.Join(", ", await house.Database.RowsAsync("select name from beats b join work_runs w using (name) where w.runs <= b.runs", r => r.GetString(0)))}");
        }

        house.Say($"every job watched has run again within {watch.Elapsed.TotalSeconds:0} s on the other node");
        await house.Database.DoAsync("drop table beats");
    }
}
