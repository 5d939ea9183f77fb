using System.Diagnostics;
using System.Globalization;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--follow-ups</c>: ten thousand follow-ups become due in one minute. How long until the last is raised and its client asked, how long until the last letter has left, and what
/// the queue page costs meanwhile, looked at twenty times a second as in <see cref="BesideSection"/>, before it and during it.
/// </summary>
internal static class FollowUpsSection
{
    private const int Due = 10_000;
    private const int Clients = 4;
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static Task RunAsync(string[] rest) => OnPublished.DoAsync(rest, "follow-ups", 60_000, Clients, async (product, scene, work) =>
    {
        var database = scene.Database;
        await database.DoAsync("update outgoing_mail set state = 'sent', attempts = 1, sent_at = app_now() where state in ('waiting', 'deferred')");
        // Nothing is due yet: whatever the load left for today waits until it is over.
        await database.DoAsync("update follow_ups set due_on = date '2026-12-24', last_on = greatest(last_on, date '2027-03-31') where state = 'planned' and due_on < date '2026-12-24'");
        await database.DoAsync("update follow_ups set next_ask_on = date '2026-12-24' where state = 'due'");
        await database.DoAsync("update surveys set ask_on = date '2026-12-24' where state = 'planned'");
        await using var sink = new MailSink { Takes = TimeSpan.FromMilliseconds(20) };
        using var served = product.Serve(database, work, sink.Settings);
        using var clerks = await Clerks.SitDownAsync(scene, served);
        clerks.Look(Alone / 2);
        var alone = clerks.Look(Alone);

        var made = await database.ScalarAsync<long>($"""
            with chosen as (
              select f.id from follow_ups f join cases c on c.id = f.case_id
              where f.state = 'planned' and c.status not in ('closed', 'received') and not c.on_hold order by f.id limit {Due}),
            made as (update follow_ups f set due_on = (app_now() at time zone 'Asia/Tokyo')::date from chosen where f.id = chosen.id returning 1)
            select count(*) from made
            """);
        var start = Stopwatch.GetTimestamp();
        var before = sink.Taken;
        TimeSpan? raised = null;
        TimeSpan? sent = null;
        var beside = new List<double>();
        while (raised is null || sent is null)
        {
            beside.AddRange(clerks.Look(Stretch));
            raised ??= await database.ScalarAsync<long>("select count(*) from follow_ups where state = 'planned' and due_on < date '2026-12-24'") == 0 ? Stopwatch.GetElapsedTime(start) : null;
            sent ??= raised is not null && await database.ScalarAsync<long>("select count(*) from outgoing_mail where state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= app_now()") == 0
                ? Stopwatch.GetElapsedTime(start) : null;
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new InvalidOperationException("The follow-ups were not done in time to wait for.");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made} follow-ups: the last raised after {raised.Value.TotalSeconds:0} s, the last of {sink.Taken - before} letters out after {sent.Value.TotalSeconds:0} s (within {Stretch.TotalSeconds:0} s)"));
        Console.WriteLine($"{"queue page, ms",-28} {"pages",7} {"p50",8} {"p95",8} {"p99",8}");
        Clerks.Print("alone", alone);
        Clerks.Print("meanwhile", beside);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p50 {Clerks.At(beside, 0.5) / Clerks.At(alone, 0.5):0.00}, p95 {Clerks.At(beside, 0.95) / Clerks.At(alone, 0.95):0.00} times as long"));
    });
}
