using Consultation.Persistence;
using Npgsql;

namespace Consultation.Benchmarks;

/// <summary>
/// A private, durable PostgreSQL of one size, as the product makes it; only what counts and explains statements is added, where this
/// PostgreSQL has it. Product and baseline connect as different roles, so that their statements can be told apart.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly PrivateCluster cluster;
    private readonly NpgsqlDataSource super;

    private Database(PrivateCluster cluster, string folder)
    {
        (this.cluster, Folder) = (cluster, folder);
        super = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.SuperuserConnectionString) { Database = PrivateCluster.Database, MaxPoolSize = 4, CommandTimeout = 1800 }.ConnectionString);
    }

    public string Folder { get; }

    public string AppConnectionString => cluster.AppConnectionString;

    /// <summary>The baseline works as the owner.</summary>
    public string OwnerConnectionString => cluster.OwnerConnectionString;

    public string ServerLog => Path.Combine(cluster.Location, "log");

    public string DataFolder => Path.Combine(cluster.Location, "data");

    public bool Counts { get; private set; }

    public bool Explains { get; private set; }

    public static async Task<Database> OpenAsync(string folder)
    {
        var opened = new Database(await PrivateCluster.OpenAsync(folder), folder);
        opened.Counts = await opened.ScalarAsync<bool>("select exists (select from pg_available_extensions where name = 'pg_stat_statements')");
        opened.Explains = await opened.CanLoadAsync("auto_explain");
        if (opened.Counts && await opened.ScalarAsync<string>("show shared_preload_libraries") == "")
        {
            await opened.DoAsync("alter system set shared_preload_libraries = 'pg_stat_statements'");
            await opened.super.DisposeAsync();
            await opened.cluster.StopAsync();
            return await OpenAsync(folder);
        }

        if (opened.Counts)
        {
            // Not in the schema of the product, whose migrator grants everything that stands there.
            await opened.DoAsync("create schema if not exists benchmark");
            await opened.DoAsync("create extension if not exists pg_stat_statements schema benchmark");
        }

        return opened;
    }

    public async Task DoAsync(string sql)
    {
        await using var command = super.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One after the other on one connection, for what holds only there.</summary>
    public async Task DoInOrderAsync(params string[] statements)
    {
        await using var connection = await super.OpenConnectionAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<T> ScalarAsync<T>(string sql) => (await RowsAsync(sql, row => row.GetFieldValue<T>(0))).Single();

    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = super.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await super.DisposeAsync();
        await cluster.DisposeAsync();
    }

    private async Task<bool> CanLoadAsync(string library)
    {
        try
        {
            await DoAsync($"load '{library}'");
            return true;
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedFile or "58P01")
        {
            return false;
        }
    }
}
