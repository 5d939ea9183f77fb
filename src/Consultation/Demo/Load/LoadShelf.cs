using Npgsql;

namespace Consultation.Demo;

/// <summary>
/// Secondary indexes, foreign keys, the marks of the case load and the automatic vacuum, set aside while an empty installation is filled: built or
/// counted once over all rows they cost a fraction of what keeping them up row by row does. How to put each back stands in a table of its own from the moment it is taken away until
/// it is back, so that a load that was killed is known (<c>check</c> names it) and the next load mends what it left.
/// </summary>
internal sealed class LoadShelf(NpgsqlDataSource owner)
{
    private const int Builders = 2;
    private const string Patience = "set statement_timeout = 0; set lock_timeout = 0; set maintenance_work_mem = '256MB'; set synchronous_commit = off";

    // In the order of putting back: an index before the keys that are proved with it, the vacuum when all stands, the counting ahead when every change leaves its mark again. A key is written down first and
    // proved afterwards, one table beside another: writing it down locks the tables that it names, proving it does not.
    private const string TakeDown = """
        create table load_set_aside as
        with loaded as (
          select c.oid, c.relname from pg_class c
          where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname not like 'qrtz\_%' and pg_has_role(c.relowner, 'usage'))
        select 1 as step, pg_relation_size(i.indrelid) as size, pg_get_indexdef(i.indexrelid) as putting_back, format('drop index %s', i.indexrelid::regclass) as taking_down
        from pg_index i join loaded t on t.oid = i.indrelid
        where not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        union all
        select 2, 0, format('alter table %s add constraint %I %s not valid', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)),
          format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname)
        from pg_constraint k join loaded t on t.oid = k.conrelid where k.contype = 'f'
        union all
        select 3, pg_relation_size(k.conrelid), format('alter table %s %s', k.conrelid::regclass, string_agg(format('validate constraint %I', k.conname), ', ')), null
        from pg_constraint k join loaded t on t.oid = k.conrelid where k.contype = 'f' group by k.conrelid
        union all
        select 4, 0, format('alter table %I reset (autovacuum_enabled, toast.autovacuum_enabled)', relname), format('alter table %I set (autovacuum_enabled = false, toast.autovacuum_enabled = false)', relname)
        from loaded
        union all
        select 5, 0, 'select recount_case_load()', 'select'
        union all
        select 4, 0, format('alter table %s enable trigger %I', t.tgrelid::regclass, t.tgname), format('alter table %s disable trigger %I', t.tgrelid::regclass, t.tgname)
        from pg_trigger t where t.tgfoid = 'mark_case_load'::regproc
        """;

    /// <summary>All at once or nothing.</summary>
    public async Task SetAsideAsync(CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, TakeDown, cancellationToken);
        await ExecuteAsync(connection, "do $$ declare s text; begin for s in select taking_down from load_set_aside where taking_down is not null order by step desc loop execute s; end loop; end $$", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Puts back what a load has set aside, also one that was killed; nothing where nothing is missing.</summary>
    public async Task PutBackAsync(CancellationToken cancellationToken)
    {
        await using (var exists = owner.CreateCommand("select to_regclass('public.load_set_aside') is not null"))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return;
            }
        }

        do
        {
            await TogetherAsync(1);
            await BuildAsync(2, cancellationToken);
            await TogetherAsync(3);
            await BuildAsync(4, cancellationToken);
            await BuildAsync(5, cancellationToken);
        }
        while (!await DoneAsync(cancellationToken));

        Task TogetherAsync(int step) => Task.WhenAll(Enumerable.Range(0, Builders).Select(_ => BuildAsync(step, cancellationToken)));
    }

    /// <summary>
    /// The list goes when it is empty. A server process that outlived a killed load may still hold a line of it: it is waited for, and where it gave
    /// its work up the line is there again.
    /// </summary>
    private async Task<bool> DoneAsync(CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, Patience, cancellationToken);
        await ExecuteAsync(
            connection, "do $$ begin lock table load_set_aside in access exclusive mode; if not exists (select from load_set_aside) then drop table load_set_aside; end if; end $$", cancellationToken);
        await using var gone = new NpgsqlCommand("select to_regclass('public.load_set_aside') is null", connection);
        return await gone.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>One after another, the largest first; each leaves the list in the transaction that builds it.</summary>
    private async Task BuildAsync(int step, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, Patience, cancellationToken);
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = new NpgsqlCommand(
                "delete from load_set_aside where ctid = (select ctid from load_set_aside where step = $1 order by putting_back like '%USING gin%' desc, size desc limit 1 for update skip locked) returning putting_back",
                connection) { Parameters = { new() { Value = step } } };
            if (await take.ExecuteScalarAsync(cancellationToken) is not string definition)
            {
                return;
            }

            await ExecuteAsync(connection, definition, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
