using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseFile;

/// <summary>What audit rows are about, as people call it: the number of the case, the name of a colleague, desk, token or expert. Rows it does not know are left out.</summary>
[Requires(Permission.ViewAudit)]
public sealed record NameSubjects(IReadOnlyList<Ref> Subjects) : IQuery<IReadOnlyDictionary<Ref, string>>;

internal sealed class NameSubjectsHandler(ConsultationDb db) : IRequestHandler<NameSubjects, IReadOnlyDictionary<Ref, string>>
{
    public async Task<IReadOnlyDictionary<Ref, string>> Handle(NameSubjects request, CancellationToken cancellationToken)
    {
        var ids = request.Subjects.Select(subject => subject.Value).Distinct().ToArray();
        var named = await db.Database.SqlQuery<Named>($"""
            select id as "Id", number as "Name" from cases where id = any({ids})
            union all
            select r.id, c.number from (
              select id, case_id from visits where id = any({ids}) union all select id, case_id from offers where id = any({ids})
              union all select id, case_id from follow_ups where id = any({ids}) union all select id, case_id from contacts where id = any({ids})
              union all select id, case_id from call_backs where id = any({ids}) union all select id, case_id from case_notes where id = any({ids})) r
            join cases c on c.id = r.case_id
            union all select id, name from staff where id = any({ids})
            union all select id, name from desks where id = any({ids})
            union all select id, name from access_tokens where id = any({ids})
            union all select id, name from experts where id = any({ids})
            """).ToListAsync(cancellationToken);
        return named.ToDictionary(row => Ref.From(row.Id), row => row.Name);
    }

    private sealed record Named(Guid Id, string Name);
}
