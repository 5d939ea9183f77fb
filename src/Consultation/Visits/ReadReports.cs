using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// The reports of one visit in full, for everybody who sees its case: desk, supervisor and the experts of both ministries. Leaves an audit row.
/// </summary>
[Requires(Permission.ViewCases)]
public sealed record ReadReports(CaseId Case, VisitId Visit) : IQuery<IReadOnlyList<WrittenReport>>;

/// <param name="Source">How the desk learned it; null where the expert wrote it.</param>
/// <param name="Confirmed">False while it was only dictated.</param>
/// <param name="Review">Why it was returned or given up.</param>
public sealed record WrittenReport(
    Track Track, string Expert, ReportState State, bool Confirmed, string? Source, string Text, IReadOnlyList<string> Topics, ReportNext Next, string FiledBy, DateTimeOffset FiledAt,
    string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Review, ReportFacts Facts);

internal sealed class ReadReportsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ReadReports, IReadOnlyList<WrittenReport>>
{
    public async Task<IReadOnlyList<WrittenReport>> Handle(ReadReports request, CancellationToken cancellationToken)
    {
        var seen = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor));
        if (!await db.Set<Visit>().AnyAsync(v => v.Id == request.Visit && v.CaseId == request.Case && seen.Any(c => c.Id == v.CaseId), cancellationToken))
        {
            throw new NotFound();
        }

        execution.Audit("reports.viewed", request.Visit);
        return await (
            from r in db.Set<SessionReport>().AsNoTracking()
            join e in db.Set<Expert>() on r.ExpertId equals e.Id
            where r.VisitId == request.Visit
            orderby r.Track
            select new WrittenReport(r.Track, e.Name, r.State, r.Confirmed, r.Source, r.Text, r.Topics, r.Next, r.FiledBy, r.FiledAt, r.ReviewedBy, r.ReviewedAt, r.Review, r.Facts)).ToListAsync(cancellationToken);
    }
}
