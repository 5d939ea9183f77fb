using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The supervisor sends a report back with a reason; it is owed again from today.</summary>
[Requires(Permission.ApproveReport)]
public sealed record ReturnReport(VisitId Visit, Track? Track, string? Reason) : ICommand<ChangedReport>;

internal sealed class ReturnReportValidator : AbstractValidator<ReturnReport>
{
    public ReturnReportValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class ReturnReportHandler(ConsultationDb db, Execution execution, VisitAccess visits) : IRequestHandler<ReturnReport, ChangedReport>
{
    public async Task<ChangedReport> Handle(ReturnReport request, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var report = await db.Set<SessionReport>().FirstOrDefaultAsync(r => r.VisitId == visit.Id && r.Track == request.Track, cancellationToken) ?? throw new NotFound();
        if (report.Return(request.Reason!.Trim(), occasion))
        {
            visit.Experts.Single(e => e.Track == report.Track).ReportOwedAgain();
            found.ReportReturned(Ref.To(visit.Id), report.Track, $"第{visit.Ordinal}回の報告（{CaseWords.Of(report.Track)}）を差戻し: {request.Reason}", occasion);
            execution.Audit("report.returned", visit.Id, report.Track.ToString());
            execution.Raise(new ReportWithdrawn(found.Id, visit.Id, report.Track));
        }

        return ChangedReport.Of(report, found);
    }
}
