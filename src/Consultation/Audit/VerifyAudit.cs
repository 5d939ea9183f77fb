using System.Globalization;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Audit;

/// <summary>Walks the whole chain of seals and says whether it holds; a broken one names its first row (journey J43). Leaves a row itself.</summary>
[Requires(Permission.ViewAudit)]
public sealed record VerifyAudit : IQuery<AuditProof>;

/// <param name="Sealed">Rows that hold, up to the break where there is one.</param>
/// <param name="LastSealed">When the last sealed row was written, null before the first seal.</param>
/// <param name="Unsealed">Rows that wait for the next seal; nought where the chain is broken, for then nothing is counted.</param>
/// <param name="BrokenAt">The number of the first audit row that does not fit; null where the chain holds.</param>
/// <param name="BrokenRow">That row as it stands now; null where it is gone.</param>
public sealed record AuditProof(long Sealed, DateTimeOffset? LastSealed, string? LastHash, long Unsealed, long? BrokenAt, AuditRow? BrokenRow);

internal sealed class VerifyAuditHandler(ConsultationDb db, Execution execution) : IRequestHandler<VerifyAudit, AuditProof>
{
    public async Task<AuditProof> Handle(VerifyAudit request, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var (sealedRows, brokenAt, unsealed) = await AuditChain.VerifyAsync(connection, cancellationToken);
        var (at, hash) = await LastAsync(connection, cancellationToken);
        var row = brokenAt is { } broken
            ? await db.Set<AuditEntry>().AsNoTracking().Where(e => e.Id == broken)
                .Select(e => new AuditRow(e.Id, e.At, e.StaffId, e.Actor, e.Role, e.Action, e.Subject, e.SubjectId, e.Details)).FirstOrDefaultAsync(cancellationToken)
            : null;
        execution.Audit("audit.verified", default(AuditId), brokenAt is null
            ? string.Create(CultureInfo.InvariantCulture, $"sealed {sealedRows}") : string.Create(CultureInfo.InvariantCulture, $"broken {brokenAt}"));
        return new(sealedRows, at, hash, unsealed, brokenAt, row);
    }

    private static async Task<(DateTimeOffset? At, string? Hash)> LastAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var last = new NpgsqlCommand("select e.at, s.hash from audit_seal s join audit_entry e on e.id = s.audit_id order by s.seal_no desc limit 1", connection);
        await using var reader = await last.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1)) : (null, null);
    }
}
