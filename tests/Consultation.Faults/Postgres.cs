using System.Diagnostics;
using System.Globalization;
using Consultation.Persistence;
using Npgsql;

namespace Consultation.Faults;

/// <summary>The private PostgreSQL of the run. What is asked here is asked as the superuser and is no part of what is tried.</summary>
internal sealed class Postgres(string folder) : IAsyncDisposable
{
    private readonly List<PrivateCluster> memberships = [];

    private PrivateCluster Cluster => memberships[^1];

    public async Task StartAsync() => memberships.Add(await PrivateCluster.OpenAsync(folder));

    /// <summary>Stops without a word to its clients: SIGQUIT is an immediate stop, SIGINT a fast one, SIGKILL a crash.</summary>
    public async Task StopAsync(string signal)
    {
        var pid = (await File.ReadAllLinesAsync(Path.Combine(Cluster.Location, "data", "postmaster.pid")))[0];
        using var kill = Process.Start("kill", ["-s", signal, pid])!;
        await kill.WaitForExitAsync();
        for (var waited = Stopwatch.StartNew(); Directory.Exists($"/proc/{pid}") && waited.Elapsed < TimeSpan.FromSeconds(30);)
        {
            await Task.Delay(50);
        }
    }

    public async Task DoAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async Task<long> CountAsync(string sql) => (await RowsAsync(sql, row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture))).Single();

    public async ValueTask DisposeAsync()
    {
        foreach (var membership in memberships)
        {
            await membership.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Cluster.SuperuserConnectionString) { Database = PrivateCluster.Database, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
