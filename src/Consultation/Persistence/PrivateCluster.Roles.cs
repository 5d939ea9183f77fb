using Npgsql;

namespace Consultation.Persistence;

/// <summary>The roles and the database of a new cluster.</summary>
public sealed partial class PrivateCluster
{
    private async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        // In template1, so that every database made here later (one per test class) has the extensions too.
        await ExecuteAsync("template1", cancellationToken,
            "create extension if not exists btree_gist",
            "do $$ begin if exists (select from pg_available_extensions where name = 'pg_trgm') then create extension if not exists pg_trgm; end if; end $$",
            Role(OwnerRole, secrets.Owner),
            Role(AppRole, secrets.App));
        await using var connection = new NpgsqlConnection(Connection(Superuser, secrets.Superuser, "postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand($"select count(*) from pg_database where datname = '{Database}'", connection);
        if ((long)(await exists.ExecuteScalarAsync(cancellationToken))! == 0)
        {
            await ExecuteAsync("postgres", cancellationToken, $"create database {Database} owner {OwnerRole}");
        }

        await ExecuteAsync(Database, cancellationToken,
            "revoke create on schema public from public",
            $"alter schema public owner to {OwnerRole}",
            $"revoke all on database {Database} from public",
            $"grant connect, temporary on database {Database} to {AppRole}");
    }

    private static string Role(string name, string password) =>
        $"""
        do $$ begin
          if not exists (select from pg_roles where rolname = '{name}') then create role {name}; end if;
          alter role {name} login password '{password}';
        end $$
        """;

    private async Task ExecuteAsync(string database, CancellationToken cancellationToken, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(Connection(Superuser, secrets.Superuser, database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
