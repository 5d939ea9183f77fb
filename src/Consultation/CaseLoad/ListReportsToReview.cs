using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CaseLoad;

/// <summary>The reports that wait for the supervisor's word, oldest first, and those that were only dictated so far (<c>Confirmed</c> false).</summary>
[Requires(Permission.ApproveReport)]
public sealed record ListReportsToReview(int Most = 100) : IQuery<IReadOnlyList<ReportToReview>>;

public sealed record ReportToReview(
    CaseId Case, string Number, string? Organisation, VisitId Visit, int Ordinal, DateTimeOffset HeldOn, Track Track, string Expert, ReportNext Next, string? Source, bool Confirmed,
    string FiledBy, DateTimeOffset FiledAt);

internal sealed class ListReportsToReviewHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListReportsToReview, IReadOnlyList<ReportToReview>>
{
    public async Task<IReadOnlyList<ReportToReview>> Handle(ListReportsToReview request, CancellationToken cancellationToken)
    {
        var rows = await (
            from r in db.Set<SessionReport>()
            join c in db.Set<Case>().Where(CaseAccess.Visible(execution.Actor)) on r.CaseId equals c.Id
            join v in db.Set<Visit>() on r.VisitId equals v.Id
            join e in db.Set<Expert>() on r.ExpertId equals e.Id
            where r.State == ReportState.Submitted
            orderby r.FiledAt, r.Id
            select new ReportToReview(c.Id, c.Number, c.OrganisationName, v.Id, v.Ordinal, v.StartsAt, r.Track, e.Name, r.Next, r.Source, r.Confirmed, r.FiledBy, r.FiledAt))
            .Take(request.Most).ToListAsync(cancellationToken);
        execution.Audit("reports.to_review_viewed", CaseRows.AsList, string.Join(' ', rows.Select(r => r.Number)));
        return rows;
    }
}
