using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>The cases whose next deadline has passed, the longest overdue first, with whose turn it is; for supervisors.</summary>
[Requires(Permission.ReassignCase)]
public sealed record ListOverdue(int Most = 20) : IQuery<IReadOnlyList<OverdueCase>>;

/// <param name="Expert">Who is to act, where the deadline is an expert's.</param>
/// <param name="Holder">The 窓口担当, where one is named.</param>
public sealed record OverdueCase(
    CaseId Id, string Number, CaseStatus Status, string? Organisation, string? PrefectureCode, string District, DeadlineKind Kind, Track? Track, DateTimeOffset Due, string? Why,
    string? Expert, string? Holder, string Desk);

internal sealed class ListOverdueHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListOverdue, IReadOnlyList<OverdueCase>>
{
    public async Task<IReadOnlyList<OverdueCase>> Handle(ListOverdue request, CancellationToken cancellationToken)
    {
        var late = new CaseNarrowing(Overdue: true).Of(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)), execution.Now);
        var rows = await (
            from c in late.OrderBy(c => c.NextDueAt).ThenBy(c => c.Id).Take(request.Most)
            join d in db.Set<Desk>() on c.DeskId equals d.Id
            join h in db.Set<StaffMember>() on c.Holder equals (StaffId?)h.Id into holders
            from h in holders.DefaultIfEmpty()
            orderby c.NextDueAt, c.Id
            select new OverdueCase(
                c.Id, c.Number, c.Status, c.OrganisationName, c.Prefecture, c.District, c.NextDueKind!.Value, c.NextDueTrack, c.NextDueAt!.Value, c.NextDueWhy,
                c.NextDueKind == DeadlineKind.Acceptance || c.NextDueKind == DeadlineKind.FirstVisit || c.NextDueKind == DeadlineKind.Report
                    ? db.Set<Expert>().Where(e => c.Tracks.Any(t => t.Track == c.NextDueTrack && t.ExpertId == e.Id)).Select(e => e.Name).FirstOrDefault() : null,
                h == null ? null : h.Name, d.Name)).ToListAsync(cancellationToken);
        execution.Audit("cases.overdue_viewed", CaseRows.AsList, string.Join(' ', rows.Select(r => r.Number)));
        return rows;
    }
}
