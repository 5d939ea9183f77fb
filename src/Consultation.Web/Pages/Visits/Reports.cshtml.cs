using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>One ministry's report in full.</summary>
/// <param name="Text">Null where none was filed.</param>
public sealed record ReportView(
    Lead Lead, string Expert, IReadOnlyList<StateView> States, IReadOnlyList<string> Notes, string? Text, IReadOnlyList<TopicView> Topics, string? ConfirmLink, string? ReviewLink,
    WrittenFactsView Facts);

/// <summary>The reports of a visit, to be read by everybody who works on the case.</summary>
public sealed class ReportsModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public IReadOnlyList<ReportView> Reports { get; private set; } = [];

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Reports = [.. (await AskAsync(new ReadReports(Case, VisitId))).Select(ViewOf)];
    }

    private ReportView ViewOf(WrittenReport report)
    {
        var filed = report.Text.Length > 0;
        return new(
            CaseSigns.Of(report.Track), report.Expert, [.. StatesOf(report, filed)], [.. NotesOf(report, filed)], filed ? report.Text : null, filed ? CaseSigns.Topics(report.Topics) : [],
            VisitLines.IsToConfirm(Line, report.Track, Actor) ? ExpertLinks.ToDictated(VisitId, report.Track) : null,
            report.State == ReportState.Submitted && Actor.Can(Permission.ApproveReport) ? VisitLines.PathTo(Case, Line, $"review?track={report.Track}") : null,
            WrittenFactsView.Of(report.Facts, Line.Minutes));
    }

    private static IEnumerable<StateView> StatesOf(WrittenReport report, bool filed)
    {
        yield return VisitLines.Of(report.State);
        if (filed && report.Source is not null)
        {
            yield return VisitLines.OfDictated(report.Confirmed);
        }
    }

    private static IEnumerable<string> NotesOf(WrittenReport report, bool filed)
    {
        if (filed)
        {
            yield return $"{JapaneseDate.ShortTime(report.FiledAt)} {report.FiledBy}が提出{(report.Source is null ? "" : $"（{report.Source}）")}・{VisitWords.Of(report.Next)}";
        }

        if (report is { ReviewedBy: { } by, ReviewedAt: { } at })
        {
            yield return $"{JapaneseDate.ShortTime(at)} {by}: {VisitWords.Of(report.State)}{(report.Review is null ? "" : $"（{report.Review}）")}";
        }
    }
}
