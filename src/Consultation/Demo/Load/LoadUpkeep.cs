using System.Collections.Concurrent;
using Npgsql;

namespace Consultation.Demo;

/// <summary>
/// What only the owner of the tables may do around a load: an installation without cases is filled without its indexes and foreign keys, which
/// come back afterwards, and fresh statistics make the first plan the right one.
/// </summary>
public static class LoadUpkeep
{
    private const long Lock = 5527157;
    private const int Cleaners = 2;

    public static async Task<T> AroundAsync<T>(NpgsqlDataSource owner, Func<Task<T>> load, CancellationToken cancellationToken)
    {
        await using var gate = await owner.OpenConnectionAsync(cancellationToken);
        await AskAsync(gate, $"select pg_advisory_lock({Lock})", cancellationToken);
        var shelf = new LoadShelf(owner);
        await shelf.PutBackAsync(cancellationToken);
        if (await AskAsync(gate, "select not exists (select from cases)", cancellationToken) is true)
        {
            await shelf.SetAsideAsync(cancellationToken);
        }

        T loaded;
        try
        {
            loaded = await load();
        }
        catch
        {
            await shelf.PutBackAsync(CancellationToken.None);
            throw;
        }

        await shelf.PutBackAsync(cancellationToken);
        // Beside cases that were there before, every new one has left its mark.
        await AskAsync(gate, "select recount_case_load() from (select from case_load_marks limit 1) marked", cancellationToken);
        await VacuumAsync(owner, cancellationToken);
        await AskAsync(gate, $"select pg_advisory_unlock({Lock})", cancellationToken);
        return loaded;
    }

    /// <summary>The tables of the product, one beside another, the largest first; the server's own it cleans by itself.</summary>
    private static async Task VacuumAsync(NpgsqlDataSource owner, CancellationToken cancellationToken)
    {
        var tables = new ConcurrentQueue<string>();
        await using (var list = owner.CreateCommand("""
            select oid::regclass::text from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_has_role(relowner, 'usage') order by pg_relation_size(oid) desc
            """))
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Enqueue(reader.GetString(0));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Cleaners).Select(async _ =>
        {
            await using var connection = await owner.OpenConnectionAsync(cancellationToken);
            while (tables.TryDequeue(out var table))
            {
                await AskAsync(connection, $"vacuum (analyze) {table}", cancellationToken);
            }
        }));
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
