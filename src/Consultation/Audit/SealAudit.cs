using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Audit;

/// <summary>
/// Seals audit rows into the chain: only rows whose writers can no longer be followed by an older one (older than
/// <c>pg_snapshot_xmin</c>). Returns how many were sealed. Safe on any node at any time: an advisory lock lets one sealer through.
/// </summary>
[Requires(Permission.Operate)]
public sealed record SealAudit : ICommand<int>;

internal sealed class SealAuditHandler(ConsultationDb db) : IRequestHandler<SealAudit, int>
{
    private const int Batch = 10_000;

    public async Task<int> Handle(SealAudit request, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var gate = new NpgsqlCommand("select pg_try_advisory_xact_lock(5527152)", connection))
        {
            if (await gate.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return 0;
            }
        }

        var (number, previous) = await LastAsync(connection, cancellationToken);
        var numbers = new List<long>();
        var ids = new List<long>();
        var hashes = new List<string>();
        await using (var open = new NpgsqlCommand($"""
            select {AuditChain.Row} from audit_entry e
            where e.written_by < pg_snapshot_xmin(pg_current_snapshot())
              and not exists (select 1 from audit_seal s where s.audit_id = e.id)
            order by e.id limit {Batch}
            """, connection))
        await using (var reader = await open.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                previous = AuditChain.Hash(previous, reader, 0);
                numbers.Add(++number);
                ids.Add(reader.GetInt64(0));
                hashes.Add(previous);
            }
        }

        await using var insert = new NpgsqlCommand("insert into audit_seal (seal_no, audit_id, hash) select * from unnest($1::bigint[], $2::bigint[], $3::text[])", connection);
        insert.Parameters.Add(new() { Value = numbers.ToArray() });
        insert.Parameters.Add(new() { Value = ids.ToArray() });
        insert.Parameters.Add(new() { Value = hashes.ToArray() });
        return await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(long Number, string Hash)> LastAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var last = new NpgsqlCommand("select seal_no, hash from audit_seal order by seal_no desc limit 1", connection);
        await using var reader = await last.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1)) : (0, AuditChain.Start);
    }
}
