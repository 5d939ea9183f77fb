using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.YearEnd;

/// <summary>
/// Takes over what <see cref="ExportHandOver"/> wrote, into an installation without cases: all of it or nothing. Nothing is mailed – the outbox is held until an
/// operator lets it go –, experts who came along are offered nothing until their contracts are looked at, and follow-ups that lay beyond the old
/// contract are planned where the new one reaches. The same file again changes nothing.
/// </summary>
/// <param name="Content">UTF-8 JSON.</param>
/// <exception cref="InvalidInput">The file is unreadable, of another version, or its rows are not as many as it says.</exception>
/// <exception cref="RuleViolation"><c>hand_over.not_empty</c>: there are cases here already; <c>hand_over.no_desk</c>: a desk of the file is not here.</exception>
[Requires(Permission.Operate)]
public sealed record LoadHandOver(byte[] Content) : ICommand<LoadedHandOver>;

/// <param name="Again">This very file had been loaded before.</param>
/// <param name="Counts">What now stands here of it, counted in the tables.</param>
/// <param name="Planned">Follow-ups that came from the hand-over list into the plan.</param>
public sealed record LoadedHandOver(HandOverHead Head, bool Again, IReadOnlyDictionary<string, int> Counts, int Planned);

internal sealed class LoadHandOverHandler(ConsultationDb db, Execution execution) : IRequestHandler<LoadHandOver, LoadedHandOver>
{
    private const int Batch = 500;
    private const string Why = "前の受託者から引き継いだ専門家。契約を確かめるまで打診しない";

    public async Task<LoadedHandOver> Handle(LoadHandOver request, CancellationToken cancellationToken)
    {
        var (head, tables) = HandOverFile.Read(request.Content);
        // Two who load at once: the second finds what the first has done.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(5527162)", cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var known = await db.Database.SqlQuery<Guid>($"select id as \"Value\" from hand_over_loads where id = {head.Id.Value}").AnyAsync(cancellationToken);
        if (!known)
        {
            await DemandEmptyAsync(cancellationToken);
            if (head.Schema != await ExportHandOverHandler.SchemaAsync(connection, cancellationToken))
            {
                throw new InvalidInput("FILE", "hand_over.other_version");
            }

            var desks = await DesksAsync(head, cancellationToken);
            foreach (var table in CarriedTable.All)
            {
                foreach (var rows in tables[table.Name].Chunk(Batch))
                {
                    await InsertAsync(connection, table.Name, rows, desks, cancellationToken);
                }
            }
        }

        var planned = known ? 0 : await SettleAsync(head, cancellationToken);
        var counts = new Dictionary<string, int>();
        foreach (var table in CarriedTable.All)
        {
            // A second load counts nothing anew: the house has been at work since.
            await using var count = new NpgsqlCommand($"select count(*)::int from {table.Name}", connection);
            counts[table.Name] = known ? head.Counts[table.Name] : (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        }

        if (!known && CarriedTable.All.Any(t => counts[t.Name] != head.Counts[t.Name]))
        {
            throw new InvalidInput("FILE", "hand_over.counts");
        }

        execution.Audit(known ? "hand_over.loaded_again" : "hand_over.loaded", head.Id, $"cases {head.Counts["cases"]} (open {head.Open}); follow-ups {head.Counts["follow_ups"]}");
        return new(head, known, counts, planned);
    }

    private async Task DemandEmptyAsync(CancellationToken cancellationToken)
    {
        if (await db.Database.SqlQuery<bool>($"""
            select exists (select 1 from cases) or exists (select 1 from organisations) or exists (select 1 from experts) or exists (select 1 from outgoing_mail)
              or (select demo from installation) as "Value"
            """).SingleAsync(cancellationToken))
        {
            throw new RuleViolation("hand_over.not_empty");
        }
    }

    /// <summary>From the ids of the desks over there to those of the same desks here.</summary>
    private async Task<IReadOnlyDictionary<string, string>> DesksAsync(HandOverHead head, CancellationToken cancellationToken)
    {
        var here = await db.Set<Desk>().ToDictionaryAsync(d => d.Slug, d => d.Id.Value.ToString(), cancellationToken);
        var missing = head.Desks.Values.Where(slug => !here.ContainsKey(slug)).ToList();
        return missing.Count == 0
            ? head.Desks.ToDictionary(d => d.Key.ToString(), d => here[d.Value])
            : throw new RuleViolation("hand_over.no_desk", string.Join("、", missing));
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string table, IEnumerable<string> rows, IReadOnlyDictionary<string, string> desks, CancellationToken cancellationToken)
    {
        var json = "[" + string.Join(',', rows) + "]";
        foreach (var (there, here) in desks)
        {
            // An id is found nowhere but where it means its row.
            json = json.Replace(there, here, StringComparison.Ordinal);
        }

        await using var insert = new NpgsqlCommand($"insert into {table} select * from jsonb_populate_recordset(null::{table}, $1::jsonb)", connection) { CommandTimeout = 600 };
        insert.Parameters.Add(new() { Value = json });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What is different here than there: the outbox is held, the numbers go on, nobody is offered anything, the plan reaches into the new contract.</summary>
    private async Task<int> SettleAsync(HandOverHead head, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync($"update installation set mail_held = true", cancellationToken);
        // What was lost there and told nobody is told here, from now on.
        await db.Database.ExecuteSqlAsync($"update outgoing_mail set untold_since = {execution.Now.ToUniversalTime()} where untold_since is not null", cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            update experts set offers_stopped_at = {execution.Now.ToUniversalTime()}, offers_stopped_by = {execution.Actor.Name}, offers_stopped_why = {Why} where offers_stopped_at is null
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync($"""
            do $do$
            declare y record;
            begin
              for y in select substring(number from 'R([0-9]+)-')::int + 2018 as year, max(split_part(number, '-', 2)::int) as last from cases where number ~ '^R[0-9]+-[0-9]+$' group by 1 loop
                perform nextval(('case_number_' || y.year)::regclass) from generate_series(1, y.last);
              end loop;
            end $do$
            """, cancellationToken);
        var last = await db.Set<ProgrammeYear>().Where(p => p.Programme == ProgrammeYear.OneStop && p.FiscalYear >= FiscalYear.Of(execution.Now).Year)
            .MaxAsync(p => (DateOnly?)p.ContractEndsOn, cancellationToken) ?? FiscalYear.Of(execution.Now).Last;
        // Whoever had been asked and has not answered is asked anew by the successor: with the next opening of the desk, and not by the same letter.
        var planned = await db.Database.ExecuteSqlAsync($"""
            update follow_ups set last_on = greatest(last_on, {last}), next_ask_on = null, version = version + 1,
              state = case when state = 'suspended' then state when due_on <= greatest(last_on, {last}) then 'planned' else 'hand_over' end
            where state in ('hand_over', 'due') and (due_on <= greatest(last_on, {last}) or last_on < {last})
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync($"update follow_ups set last_on = {last} where state in ('planned', 'suspended') and last_on < {last}", cancellationToken);
        var system = execution.Actor.Name;
        await db.Database.ExecuteSqlAsync($"""
            insert into audit_entry (at, actor, role, action, subject, subject_id, details)
            select {execution.Now.ToUniversalTime()}, {system}, 'system', 'hand_over.taken', subject, id, details from (
              select 'Case' as subject, id, null::text as details from cases union all select 'Offer', id, null from offers union all select 'Visit', id, null from visits
              union all select 'FollowUp', id, null from follow_ups union all select 'Visit', visit_id, track from session_reports) taken
            """, cancellationToken);
        await db.Database.ExecuteSqlAsync($"insert into hand_over_loads (id, loaded_at, cases) values ({head.Id.Value}, {execution.Now.ToUniversalTime()}, {head.Counts["cases"]})", cancellationToken);
        return planned;
    }
}
