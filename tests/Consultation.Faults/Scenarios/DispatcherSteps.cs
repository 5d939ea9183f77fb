namespace Consultation.Faults;

/// <summary>
/// The mail server itself kills the worker in the middle of a conversation, once at each step: connected, EHLO, MAIL, RCPT, DATA, after the dot and before 250, after
/// 250 and before the worker said QUIT. Up to the answer to DATA nothing can have been delivered; from there on there may be a second copy, and it is shown.
/// </summary>
internal static class DispatcherSteps
{
    private const int MailsOfStep = 6;

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.EmptyHouseAsync("dispatcher-steps", findings);
        var web = await house.StartAsync(house.Web());
        var worker = house.Worker(patience: 20);
        var caller = house.Caller(web.Address);
        var random = new Random(rig.Seed);
        var met = new Dictionary<int, MailStep>();
        var steps = Enumerable.Repeat(Enum.GetValues<MailStep>(), rig.Much(1, 3)).SelectMany(s => s).ToArray();
        random.Shuffle(steps);
        foreach (var step in steps)
        {
            await KillAtAsync(house, worker, caller, step, random.Next(1, MailsOfStep), met);
            house.Mail.At = null;
        }

        foreach (var missed in steps.Except(met.Values))
        {
            findings.Add($"no conversation came to the step {missed}");
        }

        await house.Outages.DuringAsync(house.OutliveLeasesAsync);
        await house.StartAsync(worker);
        await house.DrainMailAsync(TimeSpan.FromSeconds(120));
        await house.JudgeAsync();
    }

    /// <param name="nth">Which of the conversations of this round meets it, for four go on at once.</param>
    private static async Task KillAtAsync(House house, Server worker, Caller caller, MailStep step, int nth, Dictionary<int, MailStep> met)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = 0;
        house.Mail.At = (at, conversation, _) =>
        {
            // EHLO comes twice, before and after TLS: the second is the one that the mail follows.
            if (at == step && Interlocked.Increment(ref before) == nth)
            {
                worker.Kill();
                house.Findings.Count($"mails there when it was killed at {step}", house.Mail.Copies.Count(c => c.Conversation == conversation));
                met[conversation] = step;
                reached.TrySetResult();
            }

            return Task.CompletedTask;
        };
        await house.Outages.DuringAsync(async () =>
        {
            await LogClient.LogAsync(house, caller, MailsOfStep);
            // Not waited for: it may be killed before it is ready, and then it must stay dead until the next step.
            worker.Start();
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        house.Findings.Count($"killed at {step}", reached.Task.IsCompletedSuccessfully ? 1 : 0);
    }
}
