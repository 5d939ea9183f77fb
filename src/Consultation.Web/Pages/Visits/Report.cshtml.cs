using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>The report of a visit, written by the expert or taken down by the desk.</summary>
public sealed class ReportModel(Dispatcher dispatcher, DeskClock clock) : VisitPage(dispatcher)
{
    private const int Newest = 6;

    public static readonly IReadOnlyList<Choice> NextSteps =
    [
        new(nameof(ReportNext.Another), "もう1回の相談が要る", "次の相談の日程調整に進みます。"), new(nameof(ReportNext.Done), "相談は終わった", "フォローアップの予定に進みます。"),
    ];

    public static readonly IReadOnlyList<Choice> AllTopics = RouteModel.AllTopics;

    public Lead Lead { get; private set; }

    public DeadlineView? Due { get; private set; }

    public IReadOnlyList<StoryItemView> Earlier { get; private set; } = [];

    public string? ReturnedWhy { get; private set; }

    public bool NeedsSource => !IsOwn;

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "報告")]
    public string? Text { get; set; }

    [BindProperty, Display(Name = "この後")]
    public string? Next { get; set; }

    [BindProperty, Display(Name = "確認の方法")]
    public string? Source { get; set; }

    [BindProperty, Display(Name = "扱った分野")]
    public List<string> Topics { get; set; } = [];

    [BindProperty]
    public FactsInput Facts { get; set; } = new();

    public FactFieldsView FactFields { get; private set; } = null!;

    /// <summary>When the draft that is shown was kept.</summary>
    public DateTimeOffset? DraftOf { get; private set; }

    private Track Side => Choices.Read<Track>(Track) ?? throw new NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        var written = Line.Reports.FirstOrDefault(report => report.Track == Side);
        Text = written?.Text;
        Next = written?.Next.ToString();
        Topics = [.. written?.Topics ?? Full.Topics];
        Facts = FactsInput.Of(written?.Facts ?? new(), Full.TeleworkStatus);
        if (await AskAsync(new FindReportDraft(VisitId, Side)) is { } draft)
        {
            (Text, Next, Topics, Facts, DraftOf) = (draft.Content.Text, draft.Content.Next, [.. draft.Content.Topics], FactsInput.Of(draft.Content.Facts), draft.KeptAt);
            Source = draft.Content.Source;
        }

        Show();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        if (@do == "draft")
        {
            return await TryAsync(new KeepReportDraft(VisitId, Side, new(Text, Next, Topics, Source, Facts.Typed())), FieldOf, _ => Say("下書きを保存しました。まだ提出していません。"))
                ? Redirect($"{QueueRows.LinkTo(Case)}/visits/{VisitId}/report?track={Side}")
                : await ShowAsync();
        }

        var report = new FileReport(VisitId, Side, Text, Choices.Read<ReportNext>(Next), Topics, Source, Facts.Read(nameof(Facts), ModelState));
        return await DoAsync(report, FieldOf, "報告を提出しました。");
    }

    private static string FieldOf(string field) => FactsInput.FieldOf(field) ?? field switch { "next" => "Next", "source" => "Source", "topics" => "Topics", _ => "Text" };

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Lead = CaseSigns.Of(Side);
        ReturnedWhy = Line.Reports.FirstOrDefault(report => report.Track == Side && report.State == ReportState.Returned)?.Review;
        var due = Full.Deadlines.FirstOrDefault(deadline => deadline.Kind == DeadlineKind.Report && deadline.Track == Side);
        Due = due is null ? null : await clock.OfAsync(due.Kind, due.Track, due.Due, due.Why, Full.District, HttpContext.RequestAborted);
        Earlier = [.. CaseFileWords.Story(Full, "contact", JapanTime.DateOf(clock.Now)).Take(Newest)];
        Show();
    }

    private void Show() => FactFields = new(Facts, Facts.Topics(Full.Topics.Concat(Topics)), Line.Mode == Consultation.Experts.VisitMode.Visit);
}
