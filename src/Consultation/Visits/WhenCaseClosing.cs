using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Open visits and owed reports stand against closing a case; with <c>closeOpenWork</c> the visits are cancelled and the reports closed as
/// not filed (journey J37).
/// </summary>
internal sealed class WhenCaseClosing(
    ConsultationDb db, CaseAccess cases, VisitQuota quota, VisitCancellation cancellation, OwedReports owed) : INotificationHandler<CaseClosing>
{
    private const string Reason = "案件の完了";

    public async Task Handle(CaseClosing notification, CancellationToken cancellationToken)
    {
        var open = await db.Set<Visit>().Include(v => v.Experts)
            .Where(v => v.CaseId == notification.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed))
            .OrderBy(v => v.StartsAt).ToListAsync(cancellationToken);
        var reports = await owed.OfAsync(notification.Case, cancellationToken);
        if (!notification.CloseOpenWork)
        {
            notification.Objections.AddRange(open.Select(v => new Objection("visit.open", $"{VisitWords.Of(v)}の予約が残っています")));
            notification.Objections.AddRange(reports.Select(r => new Objection("report.owed", $"第{r.Visit.Ordinal}回の報告（{CaseWords.Of(r.Track)}）が未提出です")));
            return;
        }

        if (open.Count + reports.Count == 0)
        {
            return;
        }

        var found = await cases.ForConsequenceAsync(notification.Case, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        foreach (var visit in open)
        {
            quota.DemandLocked(visit);
            await cancellation.CancelAsync(new(visit, found, occasion), CancelledBy.Desk, Reason, cancellationToken);
        }

        foreach (var (visit, track) in reports)
        {
            await owed.GiveUpAsync(new(visit, found, occasion), track, Reason, cancellationToken);
        }
    }
}
