using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// The expert's own word for a report that the desk took down by dictation: it stands as it was written. Confirming what is confirmed is a
/// no-op; an expert who sees it otherwise files the report anew (<see cref="FileReport"/>).
/// </summary>
[Requires(Permission.WriteReport)]
public sealed record ConfirmReport(VisitId Visit, Track? Track) : ICommand<ChangedReport>;

internal sealed class ConfirmReportValidator : AbstractValidator<ConfirmReport>
{
    public ConfirmReportValidator() => RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
}

internal sealed class ConfirmReportHandler(ConsultationDb db, Execution execution, VisitAccess visits) : IRequestHandler<ConfirmReport, ChangedReport>
{
    public async Task<ChangedReport> Handle(ConfirmReport request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await visits.ForReportAsync(request.Visit, cancellationToken);
        var report = await db.Set<SessionReport>().FirstOrDefaultAsync(r => r.VisitId == visit.Id && r.Track == request.Track, cancellationToken) ?? throw new NotFound();
        if (execution.Actor.Role != Role.Expert || report.ExpertId != execution.Actor.Expert)
        {
            throw new Forbidden("report.not_own");
        }

        if (report.State is not (ReportState.Submitted or ReportState.Approved))
        {
            throw new RuleViolation("report.not_to_confirm", VisitWords.Of(report.State));
        }

        if (!report.Confirmed)
        {
            report.Confirm();
            // Told and not demanded of the table: the word may come after the case was closed, and changes nothing else.
            found.Tell(occasion, "report_confirmed", $"第{visit.Ordinal}回の報告（{CaseWords.Of(report.Track)}）を専門家本人が確認");
            execution.Audit("report.confirmed", visit.Id, report.Track.ToString());
        }

        return ChangedReport.Of(report, found);
    }
}
