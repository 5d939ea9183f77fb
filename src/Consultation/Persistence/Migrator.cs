using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>A migration that was applied has been edited since; nothing was changed. The message is for whoever operates the product.</summary>
public sealed class MigrationChanged(string name) : Exception(
    $"このデータベースは別の版で作られています（{name} の内容が違います）。何も変更していません。"
    + "最初の公開までは構造のファイルを書き換えているため、以前の版のデータベースは引き継げません。新しいデータベースを作ってください（デモなら --data に空のフォルダーを指定します）。");

/// <summary>
/// Brings a database to the shipped schema: numbered SQL files, each in its own transaction, under one advisory lock, with checksums
/// (design §5). Runs as the owner; the runtime role receives its rights at the end and may never create.
/// </summary>
public sealed class Migrator(NpgsqlDataSource owner)
{
    private const long Lock = 0x436f6e73756c74;

    /// <summary>The shipped files in order: name and text.</summary>
    public static IReadOnlyList<(string Name, string Sql)> Shipped { get; } = typeof(Migrator).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith("sql/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(n =>
        {
            using var reader = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(n)!);
            return (n["sql/".Length..], reader.ReadToEnd());
        })
        .ToList();

    /// <param name="runtimeRole">The role the product runs as; null where it is the owner itself.</param>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="MigrationChanged">An applied file was edited.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(string? runtimeRole, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, "set lock_timeout = '10s'; create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default clock_timestamp())", cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            var now = new List<string>();
            foreach (var (name, sql) in Shipped)
            {
                var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                if (applied.TryGetValue(name, out var known))
                {
                    if (known != checksum)
                    {
                        throw new MigrationChanged(name);
                    }

                    continue;
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, sql, cancellationToken);
                await using (var insert = new NpgsqlCommand("insert into schema_migration (name, checksum) values ($1, $2)", connection))
                {
                    insert.Parameters.Add(new() { Value = name });
                    insert.Parameters.Add(new() { Value = checksum });
                    await insert.ExecuteNonQueryAsync(cancellationToken);
                }

                await transaction.CommitAsync(cancellationToken);
                now.Add(name);
            }

            if (runtimeRole is not null)
            {
                await GrantAsync(connection, runtimeRole, cancellationToken);
            }

            return now;
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    /// <summary>True where every shipped file has been applied.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select count(*) from schema_migration");
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellationToken))! >= Shipped.Count;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    // The audit can be added to and never changed by the product itself; only the owner could, and the sealed chain would show it.
    private static Task GrantAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        return ExecuteAsync(connection, $"""
            grant usage on schema public, signin to {quoted};
            grant select, insert, update, delete on all tables in schema public, signin to {quoted};
            grant usage, select on all sequences in schema public to {quoted};
            grant execute on all functions in schema public to {quoted};
            revoke update, delete, truncate on audit_entry, audit_seal from {quoted};
            revoke insert, update, delete on schema_migration from {quoted};
            """, cancellationToken);
    }

    private static async Task<Dictionary<string, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select name, checksum from schema_migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
