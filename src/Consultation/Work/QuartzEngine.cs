using Consultation.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Consultation.Work;

/// <summary>
/// Quartz as the engine: its tables in our database make several workers one cluster, in which each beat is heard by one node. It runs in
/// real time on purpose, for it only knocks; what is due is judged by the one clock (<see cref="When"/>). Real time is the database's: beats and signs of
/// life that nodes leave each other would else be told in as many times as there are machines, and one that is ahead would leave beats that come a quarter of an hour later.
/// </summary>
public sealed class QuartzEngine(NpgsqlDataSource source, AppClock clock, ILoggerFactory logs) : IScheduleEngine, IAsyncDisposable
{
    private const string Cluster = "consultation";
    private const int AtOnce = 4;
    private StandaloneSchedulerFactory? factory;
    private IScheduler? scheduler;

    /// <summary>Creates Quartz's tables where they are missing, and lets the runtime role use them. For <c>migrate</c> alone, as the owner.</summary>
    /// <param name="runtimeRole">Null where the owner is the runtime role itself.</param>
    public static async Task ProvisionAsync(NpgsqlDataSource owner, string? runtimeRole, CancellationToken cancellationToken)
    {
        // Under another name than the cluster's, so that nothing of the schedule fires here.
        await using (var provisioner = Builder("provision", owner, TimeProvider.System, store => store.ProvisionSchema()).Build())
        {
            await provisioner.GetScheduler(cancellationToken);
        }

        if (runtimeRole is null)
        {
            return;
        }

        await using var grant = owner.CreateCommand($$"""
            do $do$
            declare t text;
            begin
              for t in select tablename from pg_tables where schemaname = 'public' and tablename like 'qrtz\_%' loop
                execute format('grant select, insert, update, delete on public.%I to %s', t, {{Literal(new NpgsqlCommandBuilder().QuoteIdentifier(runtimeRole))}});
              end loop;
            end $do$
            """);
        await grant.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <exception cref="ScheduleNotProvisioned">Quartz's tables are missing or not ours to use; Quartz itself would only say that a task was cancelled.</exception>
    public async Task StartAsync(IReadOnlyList<ScheduledJob> jobs, Func<string, CancellationToken, Task> knock, CancellationToken cancellationToken)
    {
        await using (var ask = source.CreateCommand("select coalesce(has_table_privilege(to_regclass('public.qrtz_triggers'), 'select, insert, update, delete'), false)"))
        {
            if (await ask.ExecuteScalarAsync(cancellationToken) is not true)
            {
                throw new ScheduleNotProvisioned();
            }
        }

        await clock.RefreshAsync(source, cancellationToken);
        factory = Builder(Cluster, source, clock.Machine, store => store.UseClustering(), quartz =>
        {
            quartz.Services.AddSingleton(logs);
            quartz.Services.AddSingleton(new Door(knock));
        }).Build();
        // From here on Quartz is not interrupted: it cannot be shut down while it is half begun.
        scheduler = await factory.GetScheduler(CancellationToken.None);

        // What an older version left behind would knock at a door that is gone.
        var known = await scheduler.GetJobKeys(GroupMatcher<JobKey>.AnyGroup(), CancellationToken.None);
        await scheduler.DeleteJobs([.. known.Where(k => jobs.All(j => j.Name != k.Name))], CancellationToken.None);
        foreach (var job in jobs)
        {
            var detail = JobBuilder.Create<Knock>().WithIdentity(job.Name).Build();
            var trigger = TriggerBuilder.Create().WithIdentity(job.Name).ForJob(detail)
                .StartNow()
                .WithSimpleSchedule(beat => beat.WithInterval(job.When.Beat).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))
                .Build();
            await scheduler.ScheduleJob(detail, [trigger], new() { Replace = true }, CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        await scheduler.Start(CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Also after a start that came only half way.
        if (Interlocked.Exchange(ref scheduler, null) is { } running)
        {
            await running.Shutdown(true, cancellationToken);
        }

        if (Interlocked.Exchange(ref factory, null) is { } owner)
        {
            await owner.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static QuartzSchedulerBuilder Builder(string name, NpgsqlDataSource source, TimeProvider time, Action<IPersistentStoreBuilder> more, Action<IQuartzBuilder>? also = null) =>
        QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = name;
                options.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs;
            });
            quartz.UseTimeProvider(time);
            quartz.UseDefaultThreadPool(AtOnce);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(data => data.DataSourceFactory = _ => source);
                more(store);
            });
            also?.Invoke(quartz);
        });

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    internal sealed record Door(Func<string, CancellationToken, Task> Knock);
}

/// <summary>The tables of the schedule are not there yet.</summary>
public sealed class ScheduleNotProvisioned() : Exception("the tables of the schedule (qrtz_*) are missing or closed to this role; run 'deploy/consultation migrate' as the owner of the database");

/// <summary>What Quartz keeps of a job: its name. Runs on one node at a time.</summary>
[DisallowConcurrentExecution]
internal sealed class Knock(QuartzEngine.Door door) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await door.Knock(context.JobDetail.Key.Name, cancellationToken);
}
