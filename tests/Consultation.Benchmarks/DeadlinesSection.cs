using System.Diagnostics;
using System.Globalization;
using Consultation.CaseLoad;
using Consultation.Demo;
using Consultation.Messaging;
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

    public static Task RunAsync(string[] told) =>
        InProcess.OnAsync(told is ["--data", var data] ? data : null, "deadlines", new LoadData(100_000), MeasureAsync, FillAsync);

    /// <summary>Of every kind, spread over half a year around now, on as many cases as there are; each about something of its own.</summary>
    private static async Task FillAsync(Dispatcher dispatcher, Database database)
    {
        await database.DoAsync($"""
            insert into deadlines (id, case_id, kind, track, subject, started_at, due_at, why, state)
            select gen_random_uuid(), c.id, (array['acceptance', 'report', 'first_visit', 'assignment'])[1 + n % 4], (array['mic', 'mhlw'])[1 + n % 2], gen_random_uuid(),
              app_now() - interval '100 days', app_now() - interval '90 days' + n * interval '155 seconds', '計測', 'open'
            from (select id, row_number() over (order by md5(id::text)) as n from cases) c
            where n <= {Open} - (select count(*) from deadlines where state = 'open')
            """);
        await DrainAsync(dispatcher);
    }

    private static async Task MeasureAsync(IServiceProvider services, Database database)
    {
        var dispatcher = services.GetRequiredService<Dispatcher>();
        var there = await database.ScalarAsync<long>("select count(*) from deadlines where state = 'open'");
        var past = await database.ScalarAsync<long>("select count(*) from deadlines where state = 'open' and due_at <= app_now()");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{there} open deadlines, {past} of them past"));
        Console.WriteLine($"{"",-34} {"p50 ms",8} {"p95 ms",8} {"max ms",8}");
        await MeasureAsync("offers that ran out", () => dispatcher.Send(new ExpireOffers(), Administrator));
        await MeasureAsync("late reports", () => dispatcher.Send(new ChaseReports(), Administrator));
        await MeasureAsync("all that is overdue, newest 20", async () => (await dispatcher.Send(new ListOverdue(), Administrator)).Count);
        await MeasureAsync("the work page with every backlog", async () => (await dispatcher.Send(new ListWork(), Administrator)).Count);
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
