using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Consultation.Tests;

/// <summary>
/// One private PostgreSQL for the whole test run with one migrated and seeded template database; every test class clones its own from it
/// (40–80 ms). A machine without PostgreSQL fails the run.
/// </summary>
public static class TestCluster
{
    private const string Template = "template_consultation";
    private const string DemoTemplate = "template_demo";
    private static readonly Lazy<Task<PrivateCluster>> Cluster = new(OpenAsync);
    private static readonly Lazy<Task> Demo = new(SeedDemoAsync);
    private static readonly SemaphoreSlim Cloning = new(1);
    private static int clones;

    /// <returns>Connection strings of the runtime role and of the owner.</returns>
    public static Task<(string App, string Owner)> CloneAsync() => CloneAsync(Template);

    /// <summary>The same with the demo in it, which is seeded once, into a database that is no demo yet, as deploy/run does it.</summary>
    public static async Task<(string App, string Owner)> CloneDemoAsync()
    {
        await Demo.Value;
        return await CloneAsync(DemoTemplate);
    }

    private static async Task<(string App, string Owner)> CloneAsync(string template)
    {
        var cluster = await Cluster.Value;
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref clones)}";
        // PostgreSQL copies a template only while nobody else does.
        await Cloning.WaitAsync();
        try
        {
            await ExecuteAsync(cluster.SuperuserConnectionString, $"create database {name} template {template} owner {PrivateCluster.OwnerRole}");
        }
        finally
        {
            Cloning.Release();
        }

        await ExecuteAsync(cluster.SuperuserConnectionString, $"grant connect on database {name} to {PrivateCluster.AppRole}");
        return (On(cluster.AppConnectionString, name), On(cluster.OwnerConnectionString, name));
    }

    public static async Task DropAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync((await Cluster.Value).SuperuserConnectionString, $"drop database if exists {name} with (force)");
    }

    private static async Task<PrivateCluster> OpenAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"consultation-tests-{Environment.ProcessId}");
        var cluster = await PrivateCluster.OpenAsync(folder, new(Durable: false));
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            NpgsqlConnection.ClearAllPools();
            cluster.StopAsync().GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        await ExecuteAsync(cluster.SuperuserConnectionString, $"create database {Template} owner {PrivateCluster.OwnerRole}");
        await ExecuteAsync(On(cluster.SuperuserConnectionString, Template), $"alter schema public owner to {PrivateCluster.OwnerRole}; create extension if not exists btree_gist");
        await using (var owner = NpgsqlDataSource.Create(On(cluster.OwnerConnectionString, Template)))
        {
            await new Migrator(owner).MigrateAsync(PrivateCluster.AppRole, CancellationToken.None);
        }

        // The programme's years are seeded by the clock; the tests' year must not depend on the machine's date.
        await ExecuteAsync(On(cluster.OwnerConnectionString, Template), "update installation set clock_shift = timestamptz '2026-11-24 09:20+09' - clock_timestamp()");
        await using (var services = TestApp.Services(On(cluster.AppConnectionString, Template)))
        {
            await services.GetRequiredService<Dispatcher>().Send(new SeedEssentials(), Actor.System("test"));
        }

        await EmptyAsync(cluster, Template);
        return cluster;
    }

    private static async Task SeedDemoAsync()
    {
        var (app, owner) = await CloneAsync(Template);
        await ExecuteAsync(owner, "update installation set clock_shift = '0'");
        await using (var services = TestApp.Services(app))
        {
            await services.GetRequiredService<Dispatcher>().Send(new SeedDemo(), Actor.System("test"));
        }

        var cluster = await Cluster.Value;
        var name = new NpgsqlConnectionStringBuilder(app).Database!;
        await EmptyAsync(cluster, name);
        await ExecuteAsync(cluster.SuperuserConnectionString, $"alter database {name} rename to {DemoTemplate}");
    }

    /// <summary>A server process may outlive its client for a moment; a template must have none.</summary>
    private static Task EmptyAsync(PrivateCluster cluster, string template) =>
        ExecuteAsync(cluster.SuperuserConnectionString, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{template}'");

    private static string On(string connectionString, string database) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = database, IncludeErrorDetail = true, MaxPoolSize = 120 }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>
/// The real product on its own database: the container, the pipeline, the clock. The clock stands at Tuesday 2026-11-24 09:20 Japan time
/// when a class begins; <see cref="MoveClockAsync"/> moves the shift row, as the demo does.
/// </summary>
public class TestApp : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 20, 0, TimeSpan.FromHours(9));
    private ServiceProvider services = null!;

    public string ConnectionString { get; private set; } = "";

    public string OwnerConnectionString { get; private set; } = "";

    public Dispatcher Dispatcher => services.GetRequiredService<Dispatcher>();

    public IServiceProvider Provider => services;

    public DateTimeOffset Now => services.GetRequiredService<TimeProvider>().GetUtcNow();

    public Task<TResult> Send<TResult>(IRequest<TResult> request, Actor? actor = null, IdempotencyKey? key = null, int? version = null) =>
        Dispatcher.Send(request, actor ?? Actor.System("test"), CancellationToken.None, key, version);

    public async Task MoveClockAsync(DateTimeOffset to) => await Send(new SetClock(to));

    /// <summary>SQL as the owner, for looking at rows and for planting faults.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(OwnerConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public virtual async ValueTask InitializeAsync()
    {
        (ConnectionString, OwnerConnectionString) = await CloneAsync();
        services = Services(ConnectionString);
        await SqlAsync("update installation set demo = true");
        await MoveClockAsync(Start);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await TestCluster.DropAsync(OwnerConnectionString);
        GC.SuppressFinalize(this);
    }

    protected virtual Task<(string App, string Owner)> CloneAsync() => TestCluster.CloneAsync();

    internal static ServiceProvider Services(string connectionString) =>
        new ServiceCollection()
            .AddLogging(log => log.SetMinimumLevel(LogLevel.Warning))
            .AddConsultation(RuntimeSource.Create(connectionString))
            .BuildServiceProvider();
}
