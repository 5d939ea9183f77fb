using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>The supervisor closes an owed report as not filed (未提出で終了), after reminders and calls brought none (journey J61).</summary>
[Requires(Permission.ApproveReport)]
public sealed record GiveUpReport(VisitId Visit, Track? Track, string? Reason) : ICommand<ChangedReport>;

internal sealed class GiveUpReportValidator : AbstractValidator<GiveUpReport>
{
    public GiveUpReportValidator()
    {
        RuleFor(r => r.Track).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
    }
}

internal sealed class GiveUpReportHandler(VisitAccess visits, OwedReports owed) : IRequestHandler<GiveUpReport, ChangedReport>
{
    public async Task<ChangedReport> Handle(GiveUpReport request, CancellationToken cancellationToken)
    {
        var hand = await visits.ForChangeAsync(request.Visit, cancellationToken);
        var report = await owed.GiveUpAsync(hand, request.Track!.Value, request.Reason!.Trim(), cancellationToken);
        return ChangedReport.Of(report, hand.Case);
    }
}

/// <summary>Which reports a case still waits for, and giving one up.</summary>
public sealed class OwedReports(ConsultationDb db, Execution execution, LateReports late)
{
    /// <summary>Tracks of visits that took place and have no report, or one that was sent back.</summary>
    internal async Task<IReadOnlyList<(Visit Visit, Track Track)>> OfAsync(CaseId id, CancellationToken cancellationToken)
    {
        var visits = await db.Set<Visit>().Include(v => v.Experts).Where(v => v.CaseId == id && v.State == VisitState.TookPlace).OrderBy(v => v.StartsAt).ToListAsync(cancellationToken);
        var reports = await db.Set<SessionReport>().Where(r => r.CaseId == id).ToListAsync(cancellationToken);
        return visits.SelectMany(v => v.Tracks.Select(t => (v, t)))
            .Where(o => !reports.Any(r => r.VisitId == o.v.Id && r.Track == o.t && r.State != ReportState.Returned))
            .ToList();
    }

    /// <exception cref="RuleViolation"><c>report.not_owed</c></exception>
    internal async Task<SessionReport> GiveUpAsync(VisitInHand hand, Track track, string reason, CancellationToken cancellationToken)
    {
        var (visit, found, occasion) = hand;
        var report = await db.Set<SessionReport>().FirstOrDefaultAsync(r => r.VisitId == visit.Id && r.Track == track, cancellationToken);
        if (report is { State: ReportState.NotFiled })
        {
            return report;
        }

        if (visit.State != VisitState.TookPlace || !visit.Tracks.Contains(track) || report is { State: not ReportState.Returned })
        {
            throw new RuleViolation("report.not_owed");
        }

        if (report is null)
        {
            report = SessionReport.GivenUp(visit, track, reason, occasion);
            db.Add(report);
        }
        else
        {
            report.GiveUp(reason, occasion);
        }

        await db.Set<ReportDraft>().Where(d => d.VisitId == visit.Id && d.Track == track).ExecuteDeleteAsync(cancellationToken);
        await late.EndAsync(visit.Id, track, kept: false, found, occasion, cancellationToken);
        var (_, nextIsOpen) = await VisitAccess.AmongAsync(db, visit, found.TrackOf(track), cancellationToken);
        found.ReportGivenUp(Ref.To(visit.Id), track, nextIsOpen, $"第{visit.Ordinal}回の報告（{CaseWords.Of(track)}）を未提出で終了: {reason}", occasion);
        execution.Audit("report.not_filed", visit.Id, track.ToString());
        execution.Raise(new ReportWithdrawn(found.Id, visit.Id, track));
        return report;
    }
}
