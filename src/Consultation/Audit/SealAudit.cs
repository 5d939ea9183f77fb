using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Audit;

/// <summary>
/// Seals audit rows into the chain: only rows whose writers can no longer be followed by an older one (older than
/// <c>pg_snapshot_xmin</c>), in the order of their writers, so that it goes on where it stopped and never walks through what is sealed. Returns how
/// many were sealed. Safe on any node at any time: an advisory lock lets one sealer through.
/// </summary>
/// <param name="Whole">
/// Looks through the whole record instead, once a night: rows of a database that was restored into another cluster do not stand in the order of
/// this one's transactions.
/// </param>
[Requires(Permission.Operate)]
public sealed record SealAudit(bool Whole = false) : ICommand<int>;

internal sealed class SealAuditHandler(ConsultationDb db) : IRequestHandler<SealAudit, int>
{
    private const int Batch = 10_000;

    public async Task<int> Handle(SealAudit request, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var gate = new NpgsqlCommand($"select pg_try_advisory_xact_lock({AuditChain.Lock})", connection))
        {
            if (await gate.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return 0;
            }
        }

        var (number, previous, writtenBy, id) = await AuditChain.LastAsync(connection, cancellationToken);
        var numbers = new List<long>();
        var ids = new List<long>();
        var hashes = new List<string>();
        await using (var open = new NpgsqlCommand($"""
            select {AuditChain.Row} from audit_entry e
            where e.written_by < pg_snapshot_xmin(pg_current_snapshot()) and (e.written_by, e.id) > ($1::text::xid8, $2)
              and not exists (select 1 from audit_seal s where s.audit_id = e.id)
            order by e.written_by, e.id limit {Batch}
            """, connection))
        {
            open.Parameters.Add(new() { Value = request.Whole ? "0" : writtenBy });
            open.Parameters.Add(new() { Value = request.Whole ? 0 : id });
            await using var reader = await open.ExecuteReaderAsync(cancellationToken);
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
}
