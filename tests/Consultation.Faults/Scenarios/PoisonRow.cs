namespace Consultation.Faults;

/// <summary>
/// Rows that always fail among good ones, made by triggers of the database: a follow-up that cannot be raised, a mail whose attempt cannot be written down, and one that is refused
/// by the server and whose end cannot be written down. The good ones go on at their pace, and the bad ones are to be seen.
/// </summary>
internal static class PoisonRow
{
    private const string Stuck = "stuck@poison.example";
    private const string Endless = "endless@poison.example";

    public static async Task GoAsync(Rig rig, Findings findings)
    {
        var refusing = new MailScript("550 to the poisoned", Rcpt: "550 unknown", RefusesOnly: Endless);
        await using var house = await rig.VisitedHouseAsync("poison-row", "09:10", findings, () => refusing);
        var web = await house.StartAsync(house.Web());
        await LogClient.LogAsync(house, house.Caller(web.Address), 60);

        // The first in the queue each: whatever comes after them would wait behind them.
        var followUp = await house.Database.OneAsync($"select id::text from follow_ups where state = 'planned' and due_on <= date '{VisitedCases.AllDue}' order by due_on, id limit 1", r => r.GetString(0));
        var poisoned = await house.Database.RowsAsync("select id::text from outgoing_mail where state = 'waiting' order by next_attempt_at, id limit 2", r => r.GetString(0));
        await PoisonAsync(house, followUp, poisoned[0], poisoned[1]);
        var up = await house.Database.NowAsync();
        await house.StartAsync(house.Worker());
        if (!await house.NoneLeftAsync($"{VisitedCases.Due} and id <> '{followUp}'", TimeSpan.FromSeconds(300)))
        {
            findings.Add("good follow-ups still wait behind the poisoned one after five minutes");
        }

        var good = $"select count(*) from outgoing_mail where state in ('waiting', 'attempting', 'deferred') and recipient not in ('{Stuck}', '{Endless}')";
        if (!await house.NoneLeftAsync(good, TimeSpan.FromSeconds(120)))
        {
            findings.Add($"{await house.Database.CountAsync(good)} good mails still wait behind the poisoned ones after two minutes");
        }

        await FollowUpJudge.CompareAsync(house, up, except: followUp);
        await SeenAsync(house, followUp);
        await CuredAsync(house);
        await house.JudgeAsync();
    }

    private static Task PoisonAsync(House house, string followUp, string stuck, string endless) => house.Database.DoAsync($"""
        update outgoing_mail set recipient = case id::text when '{stuck}' then '{Stuck}' else '{Endless}' end where id in ('{stuck}', '{endless}');
        create function poison() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$;
        create trigger poison before update on follow_ups for each row when (old.id = '{followUp}') execute function poison();
        create trigger poison_start before update on outgoing_mail for each row when (old.recipient = '{Stuck}' and new.state = 'attempting') execute function poison();
        create trigger poison_end before update on outgoing_mail for each row when (old.recipient = '{Endless}' and new.state in ('sent', 'bounced')) execute function poison();
        """);

    /// <summary>The job says that it failed, and after all its tries a mail stands there as dead.</summary>
    private static async Task SeenAsync(House house, string followUp)
    {
        if (await house.Database.CountAsync("select count(*) from work_runs where name = 'raise-follow-ups' and last_outcome = 'failed' and last_error_code is not null") != 1)
        {
            house.Findings.Add($"nothing on the work page tells that follow-up {followUp} fails");
        }

        var left = $"select count(*) from outgoing_mail where recipient in ('{Stuck}', '{Endless}') and state <> 'dead'";
        if (!await house.NoneLeftAsync(left, TimeSpan.FromSeconds(300), AgainAsync))
        {
            house.Findings.Add($"poisoned mails are not shown as dead: {string.Join(", ", await house.Database.RowsAsync($"select recipient, state, attempts, fence from outgoing_mail where recipient in ('{Stuck}', '{Endless}')", r => $"{r.GetString(0)} {r.GetString(1)}, {r.GetInt32(2)} attempts, {r.GetInt32(3)} leases"))}");
        }

        // Who had it said nothing; the two minutes until the next one may take it are not waited for, ten times over.
        async Task AgainAsync()
        {
            await house.AgeLeasesAsync();
            await house.Database.DoAsync("select pg_notify('consultation_mail', 'faults')");
        }
    }

    /// <summary>What an operator does then: the cause is mended, and the mail tried once more.</summary>
    private static async Task CuredAsync(House house)
    {
        await house.Database.DoAsync($"""
            drop trigger poison on follow_ups;
            drop trigger poison_start on outgoing_mail;
            drop trigger poison_end on outgoing_mail;
            update outgoing_mail m set recipient = c.email, state = 'waiting', attempts = 0, next_attempt_at = app_now(), lease_until = null, lost_leases = 0, untold_since = null, fence = fence + 1
            from cases c where c.id = m.reference and m.recipient in ('{Stuck}', '{Endless}');
            """);
        await house.DrainMailAsync(TimeSpan.FromSeconds(120));
    }
}
