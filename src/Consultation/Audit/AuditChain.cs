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

    /// <summary>The hash of the row the reader stands on, its nine columns beginning at <paramref name="first"/>.</summary>
    internal static string Hash(string previous, NpgsqlDataReader reader, int first)
    {
        var text = new StringBuilder(previous);
        for (var column = first; column < first + 9; column++)
        {
            // A length before each value keeps ("ab","c") and ("a","bc") apart.
            var value = reader.IsDBNull(column) ? "\u0001" : reader.GetValue(column) switch
            {
                DateTime at => at.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture),
                var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
            };
            text.Append('|').Append(value.Length).Append(':').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
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
