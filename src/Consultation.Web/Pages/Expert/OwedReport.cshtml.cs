using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The report an expert owes, also where the case has gone to somebody else meanwhile.</summary>
public sealed class OwedReportModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public ReportToWrite Report { get; private set; } = null!;

    public Lead Lead { get; private set; }

    public DeadlineView? Due { get; private set; }

    public string When => WhenOf(Report);

    public static string WhenOf(ReportToWrite report) =>
        $"第{report.Ordinal}回 {VisitWords.Of(report.Stage)}・{JapaneseDate.ShortTime(report.Start)}〜{JapaneseDate.Time(JapanTime.TimeOf(report.End))}・{CaseWords.Of(report.Mode)}";

    [BindProperty(SupportsGet = true)]
    public string Visit { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "報告")]
    public string? Text { get; set; }

    [BindProperty, Display(Name = "この後")]
    public string? Next { get; set; }

    [BindProperty, Display(Name = "扱った分野")]
    public List<string> Topics { get; set; } = [];

    [BindProperty]
    public FactsInput Facts { get; set; } = new();

    public FactFieldsView FactFields { get; private set; } = null!;

    /// <summary>When the draft that is shown was kept.</summary>
    public DateTimeOffset? DraftOf { get; private set; }

    private VisitId VisitId => Consultation.Visits.VisitId.TryParse(Visit, null, out var id) ? id : throw new NotFound();

    private Track Side => Choices.Read<Track>(Track) ?? throw new NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        Text = Report.Text;
        Next = Report.Next?.ToString();
        Topics = [.. Report.Topics];
        Facts = FactsInput.Of(Report.Facts);
        if (await AskAsync(new FindReportDraft(VisitId, Side)) is { } draft)
        {
            (Text, Next, Topics, Facts, DraftOf) = (draft.Content.Text, draft.Content.Next, [.. draft.Content.Topics], FactsInput.Of(draft.Content.Facts), draft.KeptAt);
        }

        Show();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        if (@do == "draft")
        {
            if (await TryAsync(new KeepReportDraft(VisitId, Side, new(Text, Next, Topics, null, Facts.Typed())), _ => "Text", _ => Say("下書きを保存しました。まだ提出していません。")))
            {
                return Redirect(ExpertLinks.ToReport(VisitId, Side));
            }

            await LookAsync();
            Show();
            return Page();
        }

        var filed = new FileReport(VisitId, Side, Text, Choices.Read<ReportNext>(Next), Topics, Facts: Facts.Read(nameof(Facts), ModelState));
        if (ModelState.IsValid && await TryAsync(filed, field => FactsInput.FieldOf(field) ?? field switch { "next" => "Next", "topics" => "Topics", _ => "Text" }, _ => Say("報告を提出しました。")))
        {
            return Redirect("/my-cases");
        }

        await LookAsync();
        Show();
        return Page();
    }

    private void Show() => FactFields = new(Facts, Facts.Topics(Report.Topics.Concat(Topics)), Report.Mode == Consultation.Experts.VisitMode.Visit);

    private async Task LookAsync()
    {
        Report = await AskAsync(new GetOwedReport(VisitId, Side));
        Lead = CaseSigns.Of(Side);
        Due = Report.Due is { } due ? await clock.OfAsync(DeadlineKind.Report, Side, due, Report.Why, Report.District, HttpContext.RequestAborted) : null;
    }
}
