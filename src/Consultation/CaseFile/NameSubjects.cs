using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.CaseFile;

/// <summary>What audit rows are about, as people call it: the number of the case, the name of a colleague, desk, token or expert. Rows it does not know are left out.</summary>
[Requires(Permission.ViewAudit)]
public sealed record NameSubjects(IReadOnlyList<Ref> Subjects) : IQuery<IReadOnlyDictionary<Ref, string>>;

internal sealed class NameSubjectsHandler(ConsultationDb db) : IRequestHandler<NameSubjects, IReadOnlyDictionary<Ref, string>>
{
    public async Task<IReadOnlyDictionary<Ref, string>> Handle(NameSubjects request, CancellationToken cancellationToken)
    {
        var ids = request.Subjects.Select(subject => subject.Value).Distinct().ToArray();
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("""
            select id, number from cases where id = any($1)
            union all
            select r.id, c.number from (
              select id, case_id from visits where id = any($1) union all select id, case_id from offers where id = any($1)
              union all select id, case_id from follow_ups where id = any($1) union all select id, case_id from contacts where id = any($1)
              union all select id, case_id from call_backs where id = any($1) union all select id, case_id from case_notes where id = any($1)) r
            join cases c on c.id = r.case_id
            union all select id, name from staff where id = any($1)
            union all select id, name from desks where id = any($1)
            union all select id, name from access_tokens where id = any($1)
            union all select id, name from experts where id = any($1)
            """, (NpgsqlConnection)db.Database.GetDbConnection());
        ask.Parameters.Add(new() { Value = ids });
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        var named = new Dictionary<Ref, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            named[Ref.From(reader.GetGuid(0))] = reader.GetString(1);
        }

        return named;
    }
}
