using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.YearEnd;

/// <summary>
/// Everything a successor needs at the end of a contract, as one file (journey J62): the open cases and those with follow-ups on the hand-over list, with all
/// cases of the same organisations, on which their quota and history stand. Read in one snapshot; nothing changes here but the audit.
/// </summary>
[Requires(Permission.Operate)]
public sealed record ExportHandOver : IQuery<ExportedHandOver>;

/// <param name="Content">UTF-8 JSON; personal data.</param>
public sealed record ExportedHandOver(HandOverHead Head, byte[] Content);

internal sealed class ExportHandOverHandler(ConsultationDb db, Execution execution) : IRequestHandler<ExportHandOver, ExportedHandOver>
{
    public async Task<ExportedHandOver> Handle(ExportHandOver request, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var (cases, organisations) = await GoingAlongAsync(connection, cancellationToken);
        var experts = await IdsAsync(connection,
            """
            select expert_id from case_tracks where case_id = any(@cases) and expert_id is not null
            union select expert_id from offers where case_id = any(@cases)
            union select e.expert_id from visit_experts e join visits v on v.id = e.visit_id where v.case_id = any(@cases)
            union select d.expert_id from expert_diary d join visits v on v.id = d.visit where v.case_id = any(@cases)
            union select expert_id from applicant_wishes where case_id = any(@cases)
            union select expert_id from session_reports where case_id = any(@cases)
            union select expert_id from follow_ups where case_id = any(@cases) and expert_id is not null
            """, cases, organisations, [], cancellationToken);
        var tables = new Dictionary<string, List<string>>();
        foreach (var table in CarriedTable.All)
        {
            await using var read = Command(connection, $"select ({table.Row})::text from {table.Name} t where {table.Rows}", cases, organisations, experts);
            tables[table.Name] = await TextsAsync(read, cancellationToken);
        }

        await using var open = Command(connection, "select count(*)::int from cases where id = any(@cases) and closed_at is null", cases, organisations, experts);
        await using var desks = Command(connection, "select id::text || ' ' || slug from desks", cases, organisations, experts);
        var head = new HandOverHead(
            HandOverHead.FormatName, HandOverHead.FormatVersion, HandOverHead.PersonalData, HandOverId.New(), JapanTime.ToJapan(execution.Now), await SchemaAsync(connection, cancellationToken),
            (int)(await open.ExecuteScalarAsync(cancellationToken))!, tables.ToDictionary(t => t.Key, t => t.Value.Count),
            (await TextsAsync(desks, cancellationToken)).ToDictionary(line => Guid.Parse(line.Split(' ')[0]), line => line.Split(' ')[1]));
        execution.Audit("hand_over.exported", head.Id, $"cases {head.Counts["cases"]} (open {head.Open}); follow-ups {head.Counts["follow_ups"]}");
        return new(head, HandOverFile.Write(head, tables));
    }

    /// <summary>The columns of the carried tables, as a hash: rows fit only where they are the same.</summary>
    internal static async Task<string> SchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var ask = new NpgsqlCommand(
            """
            select encode(sha256(convert_to(string_agg(table_name || '.' || column_name || ' ' || udt_name, ',' order by table_name, column_name), 'UTF8')), 'hex')
            from information_schema.columns where table_schema = 'public' and table_name = any($1)
            """, connection);
        ask.Parameters.Add(new() { Value = CarriedTable.All.Select(t => t.Name).ToArray() });
        return (string)(await ask.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>An organisation goes along whole, or its account would not add up; and whoever visited under another name brings that one too.</summary>
    private static async Task<(Guid[] Cases, Guid[] Organisations)> GoingAlongAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var cases = await IdsAsync(
            connection, "select id from cases where closed_at is null union select case_id from follow_ups where state = 'hand_over'", [], [], [], cancellationToken);
        while (true)
        {
            var organisations = await IdsAsync(
                connection, "select organisation_id from cases where id = any(@cases) and organisation_id is not null union select organisation_id from visits where case_id = any(@cases)", cases, [], [], cancellationToken);
            var more = await IdsAsync(
                connection, "select unnest(@cases) union select id from cases where organisation_id = any(@organisations) union select case_id from visits where organisation_id = any(@organisations)",
                cases, organisations, [], cancellationToken);
            if (more.Length == cases.Length)
            {
                return (cases, organisations);
            }

            cases = more;
        }
    }

    private static async Task<Guid[]> IdsAsync(NpgsqlConnection connection, string sql, Guid[] cases, Guid[] organisations, Guid[] experts, CancellationToken cancellationToken)
    {
        await using var ask = Command(connection, sql, cases, organisations, experts);
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }

    private static async Task<List<string>> TextsAsync(NpgsqlCommand ask, CancellationToken cancellationToken)
    {
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Guid[] cases, Guid[] organisations, Guid[] experts)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        command.Parameters.AddWithValue("cases", cases);
        command.Parameters.AddWithValue("organisations", organisations);
        command.Parameters.AddWithValue("experts", experts);
        return command;
    }
}
