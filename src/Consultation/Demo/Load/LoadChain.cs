using Consultation.Audit;
using Consultation.Persistence;
using Npgsql;

namespace Consultation.Demo;

/// <summary>One link of the chain, as <c>audit_seal</c> keeps it.</summary>
internal sealed record LoadSeal(long Number, long AuditId, string Hash);

/// <summary>
/// Seals the audit rows of a load while they are written: reading the rows back for it took an eighth of the whole load. The load
/// holds the sealer's lock, so that nobody else adds to the chain; rows that others write meanwhile are found by the nightly look through everything.
/// </summary>
internal sealed class LoadChain
{
    private readonly NpgsqlConnection connection;
    private long number;
    private string hash;

    private LoadChain(NpgsqlConnection connection, long number, string hash) => (this.connection, this.number, this.hash) = (connection, number, hash);

    /// <summary>Waits for a sealer at work; the session of the connection then holds the chain until <see cref="CloseAsync"/>.</summary>
    public static async Task<LoadChain> OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await AskAsync(connection, $"select pg_advisory_lock({AuditChain.Lock})", cancellationToken);
        var (number, hash, _, _) = await AuditChain.LastAsync(connection, cancellationToken);
        return new(connection, number, hash);
    }

    public Task CloseAsync() => AskAsync(connection, $"select pg_advisory_unlock({AuditChain.Lock})", CancellationToken.None);

    /// <summary>Numbers the audit rows of a batch as the database would, and adds their seals to it.</summary>
    public async Task SealAsync(Dictionary<Type, List<object>> rows, CancellationToken cancellationToken)
    {
        if (!rows.TryGetValue(typeof(AuditEntry), out var entries))
        {
            return;
        }

        await using var reserve = new NpgsqlCommand("select array(select nextval(pg_get_serial_sequence('audit_entry', 'id')) from generate_series(1, $1))", connection)
        {
            Parameters = { new() { Value = entries.Count } },
        };
        var ids = (long[])(await reserve.ExecuteScalarAsync(cancellationToken))!;
        var seals = new List<object>(entries.Count);
        for (var at = 0; at < ids.Length; at++)
        {
            var entry = (AuditEntry)entries[at];
            entry.Id = ids[at];
            hash = AuditChain.Hash(
                hash, entry.Id, Kept(entry.At), entry.StaffId?.Value, entry.Actor, EnumText.Of(entry.Role), entry.Action, entry.Subject, entry.SubjectId.Value, entry.Details);
            seals.Add(new LoadSeal(++number, entry.Id, hash));
        }

        rows.Add(typeof(LoadSeal), seals);
    }

    private static DateTime Kept(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);

    private static async Task AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
