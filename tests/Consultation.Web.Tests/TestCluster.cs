using System.Collections.Concurrent;
using Consultation.Persistence;
using Consultation.Web.Tests;
using Consultation.Work;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace Consultation.Web.Tests;

/// <summary>One private PostgreSQL cluster for all tests of this project; every test class works on its own copy of the migrated database.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("consultation-web-tests-").FullName;
    private PrivateCluster cluster = null!;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> filled = new();
    private int made;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }

        cluster = await PrivateCluster.OpenAsync(folder, new(Durable: false));
        await using var owner = NpgsqlDataSource.Create(cluster.OwnerConnectionString + ";Pooling=false");
        await new Migrator(owner).MigrateAsync(PrivateCluster.AppRole, CancellationToken.None);
        await QuartzEngine.ProvisionAsync(owner, PrivateCluster.AppRole, CancellationToken.None);
    }

    /// <summary>Makes a new database and gives the connection string of the runtime role.</summary>
    public Task<string> NewDatabaseAsync() => CopyAsync(PrivateCluster.Database);

    /// <summary>Makes a copy of a database that has been filled once; filling it takes far longer than copying it.</summary>
    /// <param name="content">Names what it is filled with.</param>
    /// <param name="fill">Must leave no connection open: a template may have none.</param>
    public async Task<string> NewDatabaseAsync(string content, Func<string, Task> fill) =>
        await CopyAsync(await filled.GetOrAdd(content, _ => new(() => FillAsync(fill))).Value);

    private async Task<string> FillAsync(Func<string, Task> fill)
    {
        var database = await NewDatabaseAsync();
        await fill(database);
        return new NpgsqlConnectionStringBuilder(database).Database!;
    }

    private async Task<string> CopyAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref made)}";
        await using var source = NpgsqlDataSource.Create(cluster.SuperuserConnectionString + ";Pooling=false");
        await using var create = source.CreateCommand($"create database {name} template {template} owner {PrivateCluster.OwnerRole}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(cluster.AppConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>The same database as its owner, for what the product itself may not do.</summary>
    public string AsOwner(string connectionString) =>
        new NpgsqlConnectionStringBuilder(cluster.OwnerConnectionString) { Database = new NpgsqlConnectionStringBuilder(connectionString).Database }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
