using System.Diagnostics;
using Npgsql;

namespace Consultation.Tests;

/// <summary>A transaction of somebody else that holds locks until it is let go.</summary>
public sealed class Blocker : IAsyncDisposable
{
    private readonly TestApp app;
    private readonly NpgsqlDataSource source;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private Blocker(TestApp app, NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.app, this.source, this.connection, this.transaction) = (app, source, connection, transaction);

    public static async Task<Blocker> OpenAsync(TestApp app, string sql)
    {
        var source = NpgsqlDataSource.Create(app.OwnerConnectionString);
        var connection = await source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        return new(app, source, connection, transaction);
    }

    /// <summary>Commits as soon as so many others wait in this database.</summary>
    public async Task LetGoOnceWaitedForAsync(int waiting = 1)
    {
        await WaitedForAsync(waiting);
        await transaction.CommitAsync();
    }

    public async Task WaitedForAsync(int waiting = 1)
    {
        var watch = Stopwatch.StartNew();
        while ((long)(await app.SqlAsync("select count(distinct l.pid) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()"))! < waiting)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), "Nobody waits.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }
}
