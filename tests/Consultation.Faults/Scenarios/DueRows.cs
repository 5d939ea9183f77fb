using System.Globalization;

namespace Consultation.Faults;

/// <summary>
/// Two workers are up when the desks open and everything falls due at once. Half way one of them is killed: the other goes on with what is left.
/// </summary>
internal static class DueRows
{
    public static async Task GoAsync(Rig rig, Findings findings)
    {
        await using var house = await rig.VisitedHouseAsync("due-rows", rig.IsWhole ? "08:57" : "08:59:20", findings);
        var many = await house.Database.CountAsync(VisitedCases.Due);
        Server[] workers = [await house.StartAsync(house.Worker()), await house.StartAsync(house.Worker())];
        house.Say($"{many} follow-ups are due, {await house.Database.CountAsync("select count(*) from surveys where state = 'planned'")} surveys");
        if (!await house.NoneLeftAsync($"select count(*) from (select 1 where ({VisitedCases.Due}) > {many * 2 / 3}) more", TimeSpan.FromSeconds(300)))
        {
            findings.Add("not even a third was fired in five minutes");
        }

        await house.Outages.DuringAsync(() =>
        {
            workers[rig.Seed % 2].Kill();
            return Task.CompletedTask;
        });
        if (!await house.NoneLeftAsync(VisitedCases.Due, TimeSpan.FromSeconds(600)))
        {
            findings.Add("not everything was fired in ten minutes");
        }

        await house.OutliveLeasesAsync();
        await house.DrainMailAsync(TimeSpan.FromSeconds(300), "0 seconds");
        await FollowUpJudge.CompareAsync(house, DateTimeOffset.Parse($"{VisitedCases.AllDue}T09:00:00+09:00", CultureInfo.InvariantCulture));
        await house.JudgeAsync();
    }
}
