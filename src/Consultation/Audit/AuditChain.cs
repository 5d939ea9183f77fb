using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Consultation.Audit;

/// <summary>
/// The hash chain over sealed audit rows: each seal's hash covers the seal before it and every column of its row, so that a changed, removed
/// or inserted sealed row breaks the chain at a row that can be named (design §5, journey J43).
/// </summary>
public static class AuditChain
{
    public const string Start = "";

    internal const string Row = "e.id, e.at, e.staff_id, e.actor, e.role, e.action, e.subject, e.subject_id, e.details";

    /// <summary>Whoever seals holds this advisory lock.</summary>
    internal const long Lock = 5527152;

    /// <summary>The hash of the row the reader stands on, its nine columns beginning at <paramref name="first"/>.</summary>
    internal static string Hash(string previous, NpgsqlDataReader reader, int first) => Hash(
        previous, reader.GetInt64(first), reader.GetDateTime(first + 1), reader.IsDBNull(first + 2) ? null : reader.GetGuid(first + 2), reader.GetString(first + 3), reader.GetString(first + 4),
        reader.GetString(first + 5), reader.GetString(first + 6), reader.GetGuid(first + 7), reader.IsDBNull(first + 8) ? null : reader.GetString(first + 8));

    /// <param name="at">As PostgreSQL keeps it: UTC, whole microseconds.</param>
    internal static string Hash(string previous, long id, DateTime at, Guid? staff, string actor, string role, string action, string subject, Guid subjectId, string? details)
    {
        var text = new StringBuilder(previous, 512);
        foreach (var part in (ReadOnlySpan<string?>)
            [id.ToString(CultureInfo.InvariantCulture), at.Ticks.ToString(CultureInfo.InvariantCulture), staff?.ToString(), actor, role, action, subject, subjectId.ToString(), details])
        {
            // A length before each value keeps ("ab","c") and ("a","bc") apart.
            var value = part ?? "\u0001";
            text.Append('|').Append(value.Length).Append(':').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The newest seal and whose row it seals; number nought before the first.</summary>
    internal static async Task<(long Number, string Hash, string WrittenBy, long Id)> LastAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var last = new NpgsqlCommand(
            "select s.seal_no, s.hash, coalesce(e.written_by, '0')::text, s.audit_id from audit_seal s left join audit_entry e on e.id = s.audit_id order by s.seal_no desc limit 1", connection);
        await using var reader = await last.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)) : (0, Start, "0", 0);
    }

    /// <summary>Walks the chain. <c>BrokenAt</c> names the first audit row that does not fit; <c>Unsealed</c> counts the open tail.</summary>
    public static async Task<(long Sealed, long? BrokenAt, long Unsealed)> VerifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long sealedRows = 0;
        var previous = Start;
        // A left join, so that a seal whose row is gone is a break and not a gap.
        await using (var command = new NpgsqlCommand(
            $"select s.seal_no, s.audit_id, s.hash, {Row} from audit_seal s left join audit_entry e on e.id = s.audit_id order by s.seal_no", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            long expected = 1;
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.IsDBNull(3) || reader.GetInt64(0) != expected || reader.GetString(2) != Hash(previous, reader, 3))
                {
                    return (sealedRows, reader.GetInt64(1), 0);
                }

                previous = reader.GetString(2);
                expected++;
                sealedRows++;
            }
        }

        await using var tail = new NpgsqlCommand("select count(*) from audit_entry e where not exists (select 1 from audit_seal s where s.audit_id = e.id)", connection);
        return (sealedRows, null, (long)(await tail.ExecuteScalarAsync(cancellationToken))!);
    }
}
