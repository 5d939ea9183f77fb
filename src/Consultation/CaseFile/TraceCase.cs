using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseFile;

/// <summary>
/// Everything of one case that an audit row may name – the case itself, its visits, offers, contacts, follow-ups – by the number people say.
/// Null where there is no such case. Tells the auditor nothing about the case.
/// </summary>
[Requires(Permission.ViewAudit)]
public sealed record TraceCase(string Number) : IQuery<TracedCase?>;

public sealed record TracedCase(string Number, IReadOnlyList<Ref> Rows);

internal sealed class TraceCaseHandler(ConsultationDb db) : IRequestHandler<TraceCase, TracedCase?>
{
    public async Task<TracedCase?> Handle(TraceCase request, CancellationToken cancellationToken)
    {
        if (CaseNumber.Read(request.Number) is not { } number
            || await db.Set<Case>().Where(c => c.Number == number).Select(c => (Guid?)c.Id.Value).FirstOrDefaultAsync(cancellationToken) is not { } id)
        {
            return null;
        }

        var rows = await db.Database.SqlQuery<Guid>($"""
            select id from visits where case_id = {id} union all select id from offers where case_id = {id} union all select id from follow_ups where case_id = {id}
            union all select id from contacts where case_id = {id} union all select id from call_backs where case_id = {id} union all select id from case_notes where case_id = {id}
            union all select id from deadlines where case_id = {id}
            """).ToListAsync(cancellationToken);
        return new(number, [Ref.From(id), .. rows.Select(Ref.From)]);
    }
}
