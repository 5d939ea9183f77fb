using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The supervisor accepts a report. Approving what is approved is a no-op.</summary>
[Requires(Permission.ApproveReport)]
public sealed record ApproveReport(VisitId Visit, Track? Track) : ICommand<ChangedReport>;

internal sealed class ApproveReportValidator : AbstractValidator<ApproveReport>
{
    public ApproveReportValidator() => RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
}

internal sealed class ApproveReportHandler(ConsultationDb db, Execution execution, VisitAccess visits) : IRequestHandler<ApproveReport, ChangedReport>
{
    public async Task<ChangedReport> Handle(ApproveReport request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var report = await db.Set<SessionReport>().FirstOrDefaultAsync(r => r.VisitId == visit.Id && r.Track == request.Track, cancellationToken) ?? throw new NotFound();
        if (report.Approve(occasion))
        {
            // Told and not demanded of the table: a report may be approved after its case was closed.
            found.Tell(occasion, "report_approved", $"第{visit.Ordinal}回の報告（{CaseWords.Of(report.Track)}）を承認");
            execution.Audit("report.approved", visit.Id, report.Track.ToString());
        }

        return ChangedReport.Of(report, found);
    }
}
