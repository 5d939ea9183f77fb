using System.Diagnostics;
using System.Globalization;
using Consultation.CaseLoad;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Work;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--deadlines [--data DIR]</c>: everything that looks for deadlines that have come, among a hundred thousand open ones, in this process against a private PostgreSQL: the
/// jobs, with nothing for them to do, so that the looking alone is measured; the supervisor's list; the counts of the work page.
/// </summary>
internal static class DeadlinesSection
{
    private const int Open = 100_000;
    private const int Rounds = 30;
    private static readonly Actor Administrator = Actor.System("benchmark");

    public static async Task RunAsync(string[] told)
    {
        var kept = told is ["--data", var data] ? data : null;
        var folder = kept ?? Path.Combine(Path.GetTempPath(), $"consultation-deadlines-{Environment.ProcessId}");
        try
        {
            var isNew = !Directory.Exists(folder);
            Directory.CreateDirectory(folder);
            await using var database = await Database.OpenAsync(folder);
            if (isNew)
            {
                await Callers.MigrateAsync(database, CancellationToken.None);
            }

            var services = new ServiceCollection();
            services.AddLogging();
            services.AddConsultation(RuntimeSource.Create(database.AppConnectionString));
            await using var provider = services.BuildServiceProvider();
            var dispatcher = provider.GetRequiredService<Dispatcher>();
            if (isNew)
            {
                await dispatcher.Send(new SeedEssentials(), Administrator);
                await dispatcher.Send(new LoadData(100_000), Administrator);
                // Of every kind, spread over half a year around now, on as many cases as there are; each about something of its own.
                await database.DoAsync($"""
                    insert into deadlines (id, case_id, kind, track, subject, started_at, due_at, why, state)
                    select gen_random_uuid(), c.id, (array['acceptance', 'report', 'first_visit', 'assignment'])[1 + n % 4], (array['mic', 'mhlw'])[1 + n % 2], gen_random_uuid(),
                      app_now() - interval '100 days', app_now() - interval '90 days' + n * interval '155 seconds', '計測', 'open'
                    from (select id, row_number() over (order by md5(id::text)) as n from cases) c
                    where n <= {Open} - (select count(*) from deadlines where state = 'open')
                    """);
                await DrainAsync(provider.GetRequiredService<Dispatcher>());
                await database.DoAsync("vacuum (analyze)");
            }

            var there = await database.ScalarAsync<long>("select count(*) from deadlines where state = 'open'");
            var past = await database.ScalarAsync<long>("select count(*) from deadlines where state = 'open' and due_at <= app_now()");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{there} open deadlines, {past} of them past"));
            Console.WriteLine($"{"",-34} {"p50 ms",8} {"p95 ms",8} {"max ms",8}");
            await MeasureAsync("offers that ran out", () => dispatcher.Send(new ExpireOffers(), Administrator));
            await MeasureAsync("late reports", () => dispatcher.Send(new ChaseReports(), Administrator));
            await MeasureAsync("all that is overdue, newest 20", async () => (await dispatcher.Send(new ListOverdue(), Administrator)).Count);
            await MeasureAsync("the work page with every backlog", async () => (await dispatcher.Send(new ListWork(), Administrator)).Count);
        }
        finally
        {
            if (kept is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task DrainAsync(Dispatcher dispatcher)
    {
        foreach (var job in new Func<IRequest<int>>[] { () => new ExpireOffers(), () => new ChaseReports() })
        {
            while (await dispatcher.Send(job(), Administrator) > 0)
            {
            }
        }
    }

    private static async Task MeasureAsync(string name, Func<Task<int>> act)
    {
        var times = new List<double>();
        for (var round = 0; round < 2 * Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await act();
            // The first half warms up.
            if (round >= Rounds)
            {
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {times[Rounds / 2],8:0.0} {times[Rounds * 95 / 100],8:0.0} {times[^1],8:0.0}"));
    }
}
