using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>For two days clients go on writing and nobody does the background work; then a worker comes up and finds it all due.</summary>
internal static class TwoDaysDown
{
    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.VisitedHouseAsync("two-days-down", "09:30", findings);
        await house.Database.MoveClockAsync("-2 days");
        var web = await house.StartAsync(house.Web());
        await LogClient.LogAsync(house, house.Caller(web.Address), rig.Much(150, 1000));
        await house.Database.MoveClockAsync("2 days");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await LogClient.LogAsync(house, house.Caller(web.Address), 10);
        var mails = await house.Database.CountAsync("select count(*) from outgoing_mail where state = 'waiting'");
        house.Say($"{await house.Database.CountAsync(VisitedCases.Due)} follow-ups and {mails} mails have waited");
        var (watch, up) = (Stopwatch.StartNew(), await house.Database.NowAsync());
        await house.StartAsync(house.Worker());
        if (!await house.NoneLeftAsync(VisitedCases.Due, TimeSpan.FromSeconds(600)))
        {
            findings.Add("not everything was fired in ten minutes");
        }

        await house.DrainMailAsync(TimeSpan.FromSeconds(600), "0 seconds");
        house.Say($"everything was done {watch.Elapsed.TotalSeconds:0} s after the worker was started: {house.Mail.Copies.Count} mails");
        foreach (var gap in Gaps(house.Mail).Where(g => g > TimeSpan.FromSeconds(120)))
        {
            findings.Add($"no mail left for {gap.TotalSeconds:0} s although some were due");
        }

        await FollowUpJudge.CompareAsync(house, up);
        await house.JudgeAsync();
    }

    private static IEnumerable<TimeSpan> Gaps(MailPeer peer)
    {
        var taken = peer.Copies.Select(c => c.Ended).Order().ToList();
        return taken.Zip(taken.Skip(1), (before, after) => after - before);
    }
}
