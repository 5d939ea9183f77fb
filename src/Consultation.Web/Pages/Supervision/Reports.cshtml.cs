using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Supervision;

/// <summary>Every report that waits for the supervisor, and every one that does not come (journey J61).</summary>
public sealed class ReportsModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public IReadOnlyList<ReportToReview> ToReview { get; private set; } = [];

    public IReadOnlyList<(LateReport Report, DeadlineView Due)> Late { get; private set; } = [];

    public DateTimeOffset Now => clock.Now;

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.Reports);

    public static string PathTo(CaseId id, VisitId visit, string act, Track track) => $"{QueueRows.LinkTo(id)}/visits/{visit}/{act}?track={track}";

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostApproveAsync(VisitId visit, Track track)
    {
        if (await TryAsync(new ApproveReport(visit, track), _ => null, report => Say($"報告（{CaseWords.Of(report.Track)}）を承認しました。")))
        {
            return RedirectToPage();
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        ToReview = await AskAsync(new ListReportsToReview());
        var late = new List<(LateReport, DeadlineView)>();
        foreach (var report in await AskAsync(new ListLateReports()))
        {
            late.Add((report, await clock.OfAsync(DeadlineKind.Report, report.Track, report.Due, report.Why, report.District, HttpContext.RequestAborted)));
        }

        Late = late;
    }
}
