using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>The cases whose next deadline has passed, the longest overdue first, with whose turn it is; for supervisors.</summary>
[Requires(Permission.ReassignCase)]
public sealed record ListOverdue(int Most = 20) : IQuery<IReadOnlyList<OverdueCase>>;

/// <param name="Expert">Who is to act, where the deadline is an expert's: the writer of the report, else who is asked or holds the track.</param>
/// <param name="Holder">The 窓口担当, where one is named.</param>
public sealed record OverdueCase(
    CaseId Id, string Number, CaseStatus Status, string? Organisation, string? PrefectureCode, string District, DeadlineKind Kind, Track? Track, DateTimeOffset Due, string? Why,
    string? Expert, string? Holder, string Desk);

internal sealed class ListOverdueHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListOverdue, IReadOnlyList<OverdueCase>>
{
    public async Task<IReadOnlyList<OverdueCase>> Handle(ListOverdue request, CancellationToken cancellationToken)
    {
        var late = new CaseNarrowing(Overdue: true).Of(db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)), execution.Now, await desks.NationalAsync(cancellationToken));
        var rows = await (
            from c in late.OrderBy(c => c.NextDueAt).ThenBy(c => c.Id).Take(request.Most)
            join d in db.Set<Desk>() on c.DeskId equals d.Id
            join h in db.Set<StaffMember>() on c.Holder equals (StaffId?)h.Id into holders
            from h in holders.DefaultIfEmpty()
            orderby c.NextDueAt, c.Id
            select new OverdueCase(
                c.Id, c.Number, c.Status, c.OrganisationName, c.Prefecture, c.District, c.NextDueKind!.Value, c.NextDueTrack, c.NextDueAt!.Value, c.NextDueWhy,
                c.NextDueKind == DeadlineKind.Acceptance || c.NextDueKind == DeadlineKind.FirstVisit
                    ? db.Set<Expert>().Where(e => c.Tracks.Any(t => t.Track == c.NextDueTrack && t.ExpertId == e.Id)).Select(e => e.Name).FirstOrDefault() : null,
                h == null ? null : h.Name, d.Name)).ToListAsync(cancellationToken);
        rows = await WithWritersAsync(rows, cancellationToken);
        execution.Audit("cases.overdue_viewed", CaseRows.AsList, string.Join(' ', rows.Select(r => r.Number)));
        return rows;
    }

    /// <summary>A report is owed by whoever came, also where the track has another holder by now.</summary>
    private async Task<List<OverdueCase>> WithWritersAsync(List<OverdueCase> rows, CancellationToken cancellationToken)
    {
        var late = rows.Where(r => r.Kind == DeadlineKind.Report).Select(r => r.Id).ToList();
        var clocks = await db.Set<Deadline>().AsNoTracking().Where(d => late.Contains(d.CaseId) && d.Kind == DeadlineKind.Report && d.State == DeadlineState.Open).ToListAsync(cancellationToken);
        var visits = clocks.Select(d => new VisitId(d.Subject!.Value.Value)).ToList();
        var writers = await (
            from w in db.Set<VisitExpert>().AsNoTracking()
            join e in db.Set<Expert>() on w.ExpertId equals e.Id
            where visits.Contains(w.VisitId)
            select new { w.VisitId, w.Track, e.Name }).ToDictionaryAsync(w => (Ref.To(w.VisitId), (Track?)w.Track), w => w.Name, cancellationToken);
        return rows.ConvertAll(r => r.Kind != DeadlineKind.Report ? r : r with
        {
            Expert = clocks.Where(d => d.CaseId == r.Id && d.Track == r.Track && d.DueAt == r.Due).OrderBy(d => d.Id.Value)
                .Select(d => writers.GetValueOrDefault((d.Subject!.Value, d.Track))).FirstOrDefault(),
        });
    }
}
