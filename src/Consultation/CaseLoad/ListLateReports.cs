using System.Text.Json;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>
/// The reports past their deadline with the rung of the ladder each stands on (journey J61): asked for by mail, by a call of the desk; the
/// supervisor may stop offers to the expert or close the report as not filed. The longest overdue first.
/// </summary>
[Requires(Permission.ApproveReport)]
public sealed record ListLateReports(int Most = 100) : IQuery<IReadOnlyList<LateReport>>;

/// <param name="Stopped">Why nobody may ask this expert anew; null where offers go on.</param>
public sealed record LateReport(
    CaseId Case, string Number, string? Organisation, string District, VisitId Visit, int Ordinal, DateTimeOffset HeldOn, Track Track, ExpertId Expert, string ExpertName, string? ExpertPhone,
    DateTimeOffset Due, string Why, DateTimeOffset? RemindedAt, DateTimeOffset? CalledAt, string? Stopped);

internal sealed class ListLateReportsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListLateReports, IReadOnlyList<LateReport>>
{
    public async Task<IReadOnlyList<LateReport>> Handle(ListLateReports request, CancellationToken cancellationToken)
    {
        var (now, district) = (execution.Now.ToUniversalTime(), CaseLoadScope.DistrictOf(execution.Actor) ?? "");
        var json = await db.Database.SqlQuery<string>($"""
            select coalesce(json_agg(l), '[]')::text as "Value" from (
              select c.id as "case", c.number, c.organisation_name as organisation, c.district, v.id as visit, v.ordinal, v.starts_at as "heldOn", d.track, e.expert_id as expert,
                x.name as "expertName", x.phone as "expertPhone", d.due_at as due, d.why, e.report_reminded_at as "remindedAt", e.report_called_at as "calledAt", x.offers_stopped_why as stopped
              from deadlines d join visits v on v.id = d.subject join visit_experts e on e.visit_id = v.id and e.track = d.track
              join experts x on x.id = e.expert_id join cases c on c.id = d.case_id
              where d.kind = 'report' and d.state = 'open' and d.due_at <= {now} and ({district} = '' or c.district = {district})
              order by d.due_at, d.id limit {request.Most}) l
            """).SingleAsync(cancellationToken);
        var rows = JsonSerializer.Deserialize<IReadOnlyList<LateReport>>(json, StoredJson.Options)!;
        execution.Audit("reports.late_viewed", CaseRows.AsList, string.Join(' ', rows.Select(r => r.Number)));
        return rows;
    }
}
