using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// What an expert needs to write an owed report, and nothing more: an expert who lost the track no longer sees the case, but still owes what
/// was advised there (journey J61). The same of a report that was taken down as dictated, to confirm it or to write it anew.
/// </summary>
/// <param name="ToConfirm">The text that waits for the expert's word, instead of what may be written.</param>
[Requires(Permission.WriteReport)]
public sealed record GetOwedReport(VisitId Visit, Track Track, bool ToConfirm = false) : IQuery<ReportToWrite>;

/// <param name="HoldsCase">False where the track went to somebody else.</param>
/// <param name="Text">What was filed and sent back, or taken down as dictated.</param>
/// <param name="Dictated">By whom, when and how it was taken down; null where the expert wrote.</param>
public sealed record ReportToWrite(
    VisitId Visit, Track Track, CaseId Case, bool HoldsCase, string Number, string District, string? Organisation, int Ordinal, VisitStage Stage, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode,
    string? Text, ReportNext? Next, IReadOnlyList<string> Topics, string? ReturnedWhy, DateTimeOffset? Due, string? Why, Dictation? Dictated, ReportFacts Facts);

/// <param name="MayBeRewritten">False once a supervisor has approved it.</param>
public sealed record Dictation(string By, DateTimeOffset At, string Source, bool MayBeRewritten);

internal sealed class GetOwedReportHandler(ConsultationDb db, Execution execution) : IRequestHandler<GetOwedReport, ReportToWrite>
{
    public async Task<ReportToWrite> Handle(GetOwedReport request, CancellationToken cancellationToken)
    {
        if (execution.Actor.Expert is not { } own)
        {
            throw new NotFound();
        }

        var subject = Ref.To(request.Visit);
        var visible = db.Set<Case>().Where(CaseAccess.Visible(execution.Actor));
        var row = await (
            from v in db.Set<Visit>().AsNoTracking().Where(request.ToConfirm ? VisitAccess.ToConfirm(db, own) : VisitAccess.Writable(db, own))
            join c in db.Set<Case>() on v.CaseId equals c.Id
            where v.Id == request.Visit && v.Experts.Any(e => e.ExpertId == own && e.Track == request.Track)
            select new
            {
                Visit = v, c.Number, c.District, c.OrganisationName, c.Topics, Holds = visible.Any(o => o.Id == c.Id),
                Report = db.Set<SessionReport>().FirstOrDefault(r => r.VisitId == v.Id && r.Track == request.Track),
                Due = c.Deadlines.Where(d => d.Kind == DeadlineKind.Report && d.Track == request.Track && d.Subject == subject && d.State == DeadlineState.Open)
                    .Select(d => new { d.DueAt, d.Why }).FirstOrDefault(),
            }).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var dictated = row.Report is { Confirmed: false, State: ReportState.Submitted or ReportState.Approved } report
            ? new Dictation(report.FiledBy, report.FiledAt, report.Source ?? "", report.State == ReportState.Submitted)
            : null;
        if (request.ToConfirm ? dictated is null : dictated is not { MayBeRewritten: true } && row.Report is not (null or { State: ReportState.Returned }))
        {
            throw new NotFound();
        }

        execution.Audit("report.opened", request.Visit, request.Track.ToString());
        return new(
            row.Visit.Id, request.Track, row.Visit.CaseId, row.Holds, row.Number, row.District, row.OrganisationName, row.Visit.Ordinal, row.Visit.Stage,
            JapanTime.ToJapan(row.Visit.StartsAt), JapanTime.ToJapan(row.Visit.EndsAt), row.Visit.Mode,
            row.Report?.Text, row.Report?.Next, row.Report?.Topics ?? row.Topics, dictated is null ? row.Report?.Review : null, row.Due?.DueAt, row.Due?.Why, dictated, row.Report?.Facts ?? new());
    }
}
