using Npgsql;

namespace Consultation.Demo;

/// <summary>
/// What only the owner of the tables may do around a load: an installation without cases is filled without its indexes and foreign keys, which
/// come back afterwards, and fresh statistics make the first plan the right one.
/// </summary>
public static class LoadUpkeep
{
    private const long Lock = 5527157;

    /// <param name="after">What belongs to the load and needs the indexes.</param>
    public static async Task<T> AroundAsync<T>(NpgsqlDataSource owner, Func<Task<T>> load, Func<Task> after, CancellationToken cancellationToken)
    {
        await using var gate = await owner.OpenConnectionAsync(cancellationToken);
        await AskAsync(gate, $"select pg_advisory_lock({Lock})", cancellationToken);
        var shelf = new LoadShelf(owner);
        await shelf.PutBackAsync(null, cancellationToken);
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
            await shelf.PutBackAsync(null, CancellationToken.None);
            throw;
        }

        // The sealer takes a batch from the index only where it knows how many rows wait; else it sorts all of them for each batch.
        await shelf.PutBackAsync(
            async () =>
            {
                await AskAsync(gate, "analyze audit_entry", cancellationToken);
                await after();
            },
            cancellationToken);
        // Beside cases that were there before, every new one has left its mark.
        await AskAsync(gate, "select recount_case_load() from (select from case_load_marks limit 1) marked", cancellationToken);
        await AskAsync(gate, "vacuum (analyze)", cancellationToken);
        await AskAsync(gate, $"select pg_advisory_unlock({Lock})", cancellationToken);
        return loaded;
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
