using System.Text.RegularExpressions;

namespace Consultation.Faults;

/// <summary>
/// A copy is written (<c>deploy/backup</c>), work goes on, the database is brought back to the copy (<c>deploy/restore</c>): nothing is mailed, however far the clock
/// runs, until somebody releases it; then what waited leaves, under the Message-IDs of before.
/// </summary>
internal static partial class Restored
{
    public static async Task GoAsync(Rig rig, Findings findings)
    {
        var refusing = false;
        await using var house = await rig.EmptyHouseAsync("restored", findings, () => Volatile.Read(ref refusing) ? new("4xx to MAIL", Mail: "451 later") : MailScript.Good);
        var (web, worker) = (await house.StartAsync(house.Web()), await house.StartAsync(house.Worker()));
        var caller = house.Caller(web.Address);
        await LogClient.LogAsync(house, caller, 30);
        await house.DrainMailAsync(TimeSpan.FromSeconds(60), "0 seconds");
        Volatile.Write(ref refusing, true);
        await LogClient.LogAsync(house, caller, 20);
        // Refused once or not tried any more: after some refusals the worker lets the domain rest, and what waits for it keeps its state.
        await WaitAsync(house, "select count(*) + (select (count(*) = 0)::int from outgoing_mail where state = 'deferred') from outgoing_mail where state = 'attempting'");

        var copy = Path.Combine(house.Folder, "copy.dump");
        var settings = rig.Postgres.ProgramSettingsFor(house.DatabaseName);
        // Whoever leased them when the copy was made is gone when it comes back; only here they go on.
        await house.Database.DoAsync("update outgoing_mail set lease_until = clock_timestamp() + interval '1 day' where state in ('waiting', 'deferred') and lease_until is null");
        await Prepared.Demand(Build.ScriptAsync(settings, "backup", copy));
        await house.Database.DoAsync("update outgoing_mail set lease_until = null where lease_until > clock_timestamp() + interval '1 hour'");
        var atCopy = house.Ledger.Entries.Count;

        // What happens now will not have happened; the letters of it are out all the same.
        Volatile.Write(ref refusing, false);
        await LogClient.LogAsync(house, caller, 15);
        await house.DrainMailAsync(TimeSpan.FromSeconds(60));
        var sent = house.Mail.Copies.Count;
        web.Kill();
        worker.Kill();
        await WaitAsync(house, "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        if ((await Build.ScriptAsync(settings, "restore", copy)) is var (code, said) && code != 0)
        {
            findings.Add($"deploy/restore: {said}");
            return;
        }

        await HeldAsync(rig, house, web, worker);
        var released = await rig.Build.DoAsync(house.Settings, "mail", "release");
        if (released.Code != 0 || !Number().IsMatch(released.Output) || Number().Match(released.Output).Value != "20")
        {
            findings.Add($"mail release let {released.Output} go, not the 20 that waited in the copy");
        }

        await house.DrainMailAsync(TimeSpan.FromSeconds(60));
        Compare(house, sent, atCopy);
        var (broken, told) = await rig.Build.DoAsync(house.Settings, "check");
        if (broken != 0)
        {
            findings.Add($"check: {told}");
        }

        await Judge.CompareAsync(house.Database, [.. house.Ledger.Entries.Take(atCopy)], findings);
        house.Say($"{findings}; {sent} mails before the copy was brought back, {house.Mail.Copies.Count - sent} after its release");
    }

    /// <summary>A worker is up and the clock runs through every hour of a day or three: nothing leaves the house.</summary>
    private static async Task HeldAsync(Rig rig, House house, Server web, Server worker)
    {
        await house.StartAsync(web);
        await house.StartAsync(worker);
        var before = house.Mail.Conversations;
        for (var hour = 0; hour < rig.Much(24, 72); hour++)
        {
            await house.Database.MoveClockAsync("1 hour");
            await Task.Delay(rig.Much(700, 1000));
        }

        if (house.Mail.Conversations != before)
        {
            house.Findings.Add($"{house.Mail.Conversations - before} mails left the restored house before they were released");
        }
    }

    private static void Compare(House house, int sent, int atCopy)
    {
        // The fifteen of after the copy are known to nobody; the twenty that waited in it leave a second time, as the mails they are.
        var (first, second) = (house.Mail.Copies.Take(sent).ToList(), house.Mail.Copies.Skip(sent).ToList());
        if (second.Count != 20 || second.Exists(s => first.TrueForAll(f => f.MessageId != s.MessageId || f.Recipient != s.Recipient)))
        {
            house.Findings.Add($"after the release {second.Count} mails left, of which {second.Count(s => first.Exists(f => f.MessageId == s.MessageId))} under their Message-ID of before; 20 waited in the copy");
        }

        house.Findings.Count("inquiries in the copy", atCopy);
        house.Findings.Count("inquiries after it", house.Ledger.Entries.Count - atCopy);
    }

    private static async Task WaitAsync(House house, string count)
    {
        if (!await house.NoneLeftAsync(count, TimeSpan.FromSeconds(60)))
        {
            house.Findings.Add($"still {await house.Database.CountAsync(count)} after a minute: {count}");
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
