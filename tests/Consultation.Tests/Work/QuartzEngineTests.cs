using System.Collections.Concurrent;
using Consultation.Mail;
using Consultation.Persistence;
using Consultation.Tests.Mail;
using Consultation.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Consultation.Tests.Work;

/// <summary>The engine on real PostgreSQL: its tables made by the owner, its beats heard by the runtime role.</summary>
public sealed class QuartzEngineTests(QuartzEngineTests.Provisioned app) : IClassFixture<QuartzEngineTests.Provisioned>
{
    private static readonly When Quick = When.Every(TimeSpan.FromMilliseconds(300));
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_scheduled_request_runs_by_itself_and_again_after_it_failed()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Flaky.Register);
        await using var engine = new QuartzEngine(node.Services.GetRequiredService<NpgsqlDataSource>(), new(), NullLoggerFactory.Instance);
        var runner = node.Services.GetRequiredService<ScheduleRunner>();
        var job = new ScheduledJob("scheduled", Quick, () => new Flaky());
        await engine.StartAsync([job], (_, token) => runner.RunAsync(job, token), default);
        await node.Services.GetRequiredService<FlakyState>().Thrice.WaitAsync(Long);
        await engine.StopAsync(default);
        Assert.Equal("done", await app.SqlAsync("select last_outcome from work_runs where name = 'scheduled' and failures = 1 and runs >= 2"));
    }

    [Fact]
    public async Task A_node_told_to_stop_while_it_starts_ends_quietly()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        for (var wait = 0; wait < 120; wait += 4)
        {
            await using var engine = new QuartzEngine(source, new(), NullLoggerFactory.Instance);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(wait));
            try
            {
                await engine.StartAsync([new("stopped", Quick, () => new Flaky())], (_, _) => Task.CompletedTask, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Told in time; what follows must end whatever had begun.
            }

            await engine.StopAsync(default);
        }
    }

    [Fact]
    public async Task Two_nodes_are_one_cluster_and_a_job_runs_on_one_of_them_at_a_time()
    {
        await using var one = NpgsqlDataSource.Create(app.ConnectionString);
        await using var two = NpgsqlDataSource.Create(app.ConnectionString);
        await using var first = new QuartzEngine(one, new(), NullLoggerFactory.Instance);
        await using var second = new QuartzEngine(two, new(), NullLoggerFactory.Instance);
        var running = 0;
        var overlaps = 0;
        var knocks = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource();
        var job = new ScheduledJob("shared", Quick, () => new Flaky());
        await first.StartAsync([job], (name, _) => KnockAsync(name), default);
        await second.StartAsync([job], (name, _) => KnockAsync(name), default);
        await enough.Task.WaitAsync(Long);
        await first.StopAsync(default);
        await second.StopAsync(default);
        Assert.Equal(0, overlaps);
        Assert.All(knocks, name => Assert.Equal("shared", name));

        async Task KnockAsync(string name)
        {
            overlaps += Interlocked.Increment(ref running) > 1 ? 1 : 0;
            await Task.Delay(200);
            knocks.Add(name);
            Interlocked.Decrement(ref running);
            if (knocks.Count >= 5)
            {
                enough.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task A_job_that_left_the_list_is_forgotten_by_the_engine()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using (var old = new QuartzEngine(source, new(), NullLoggerFactory.Instance))
        {
            await old.StartAsync([new("left-over", When.Every(TimeSpan.FromHours(1)), () => new Flaky())], (_, _) => Task.CompletedTask, default);
        }

        await using var now = new QuartzEngine(source, new(), NullLoggerFactory.Instance);
        await now.StartAsync([new("new-one", When.Every(TimeSpan.FromHours(1)), () => new Flaky())], (_, _) => Task.CompletedTask, default);
        Assert.Equal("new-one", await app.SqlAsync("select string_agg(job_name, ',') from qrtz_job_details where sched_name = 'consultation'"));
    }

    [Fact]
    public async Task Provisioning_twice_changes_nothing()
    {
        await using var owner = NpgsqlDataSource.Create(app.OwnerConnectionString);
        await QuartzEngine.ProvisionAsync(owner, PrivateCluster.AppRole, default);
        Assert.Equal(0L, await app.SqlAsync("select count(*) from qrtz_job_details where sched_name = 'provision'"));
    }

    [Fact]
    public async Task The_worker_hears_the_commit_that_wrote_a_mail_without_any_beat_and_ends_gracefully()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(
            app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port), services => services.AddWork().AddSingleton<IScheduleEngine, SilentEngine>());
        var worker = node.Services.GetServices<IHostedService>().OfType<Worker>().Single();
        await worker.StartAsync(default);
        await node.WriteAsync("at-once");
        await UntilAsync(async () => (await node.MailAsync("at-once")).State == MailState.Sent);
        Assert.Single(peer.Kept);
        await worker.StopAsync(default);
        Assert.True(worker.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_worker_that_stops_sees_the_letter_under_way_to_its_end_and_begins_no_other()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var peer = new SmtpPeer();
        peer.Then(new(Before: () =>
        {
            asked.TrySetResult();
            return answer.Task;
        }));
        await using var node = await MailNode.StartAsync(
            app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Connections: 1), services => services.AddWork().AddSingleton<IScheduleEngine, SilentEngine>());
        var worker = node.Services.GetServices<IHostedService>().OfType<Worker>().Single();
        await worker.StartAsync(default);
        await node.WriteAsync("under-way");
        await asked.Task.WaitAsync(Long);
        await node.WriteAsync("after-it");
        var stopping = worker.StopAsync(default);
        // Its round has ended, and whoever sends has been left behind.
        await worker.ExecuteTask!.WaitAsync(Long);
        await Task.Delay(300);
        var (hadStopped, then) = (stopping.IsCompleted, (await node.MailAsync("under-way")).State);
        answer.SetResult();
        await stopping.WaitAsync(Long);
        Assert.Equal((false, MailState.Attempting), (hadStopped, then));
        Assert.Equal((MailState.Sent, 1, false), (await node.MailAsync("under-way")) is var mail ? (mail.State, mail.Attempts, mail.PossiblyTwice) : default);
        Assert.Equal((MailState.Waiting, null), (await node.MailAsync("after-it")) is var left ? (left.State, left.LeaseUntil) : default);
        Assert.Single(peer.Kept);
        await MailNode.ForgetMailAsync(app);
    }

    [Fact]
    public async Task The_worker_waits_for_a_database_that_is_not_ready()
    {
        var (connection, owner) = await TestCluster.CloneAsync();
        try
        {
            await using var node = await MailNode.StartAsync(connection, new(), services => services.AddWork());
            await using (var engine = new QuartzEngine(node.Services.GetRequiredService<NpgsqlDataSource>(), new(), NullLoggerFactory.Instance))
            {
                var missing = await Assert.ThrowsAsync<ScheduleNotProvisioned>(() => engine.StartAsync([], (_, _) => Task.CompletedTask, default));
                Assert.Contains("migrate", missing.Message);
            }

            var worker = node.Services.GetServices<IHostedService>().OfType<Worker>().Single();
            await worker.StartAsync(default);
            await Task.Delay(TimeSpan.FromSeconds(1));
            await using (var source = NpgsqlDataSource.Create(owner))
            {
                await QuartzEngine.ProvisionAsync(source, PrivateCluster.AppRole, default);
                await using var command = source.CreateCommand("select count(*) from work_runs");
                await UntilAsync(async () => await command.ExecuteScalarAsync() is > 0L);
            }

            await worker.StopAsync(default);
        }
        finally
        {
            await TestCluster.DropAsync(owner);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Long);
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Never knocks, so that whatever happens was caused by the bell.</summary>
    private sealed class SilentEngine : IScheduleEngine
    {
        public Task StartAsync(IReadOnlyList<ScheduledJob> jobs, Func<string, CancellationToken, Task> knock, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public sealed class Provisioned : TestApp
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await using var owner = NpgsqlDataSource.Create(OwnerConnectionString);
            await QuartzEngine.ProvisionAsync(owner, PrivateCluster.AppRole, default);
        }
    }
}
