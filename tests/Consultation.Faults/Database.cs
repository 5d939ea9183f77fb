using System.Globalization;
using Npgsql;

namespace Consultation.Faults;

/// <summary>One database of the run's PostgreSQL, asked as the superuser: what is asked here is no part of what is tried.</summary>
internal sealed class Database(Func<NpgsqlConnectionStringBuilder> connection)
{
    /// <summary>Ends every session of the database but the one that asks.</summary>
    public const string EndAllSessions = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

    public async Task DoAsync(string sql)
    {
        await using var opened = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, opened) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var opened = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, opened) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async Task<long> CountAsync(string sql) => (await RowsAsync(sql, row => Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture))).Single();

    public Task<DateTimeOffset> NowAsync() => OneAsync("select app_now()", row => new DateTimeOffset(row.GetDateTime(0), TimeSpan.Zero));

    public async Task<T> OneAsync<T>(string sql, Func<NpgsqlDataReader, T> read) => (await RowsAsync(sql, read)).Single();

    /// <param name="when">As SQL reads it, such as <c>2026-11-24 09:20+09</c>.</param>
    public Task SetClockAsync(string when) => DoAsync($"update installation set clock_shift = timestamptz '{when}' - clock_timestamp()");

    /// <param name="by">As an interval of SQL.</param>
    public Task MoveClockAsync(string by) => DoAsync($"update installation set clock_shift = clock_shift + interval '{by}'");

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var opened = new NpgsqlConnection(connection().ConnectionString);
        await opened.OpenAsync();
        return opened;
    }
}
