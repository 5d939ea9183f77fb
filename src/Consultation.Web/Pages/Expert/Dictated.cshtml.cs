using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>A report the desk took down by dictation: the expert says that it is right, or writes it anew.</summary>
public sealed class DictatedModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public ReportToWrite Report { get; private set; } = null!;

    public Lead Lead { get; private set; }

    public IReadOnlyList<TopicView> Topics => CaseSigns.Topics(Report.Topics);

    public string When => OwedReportModel.WhenOf(Report);

    public string Next => Report.Next is { } next ? VisitWords.Of(next) : "";

    public string TakenDown => $"{JapaneseDate.ShortTime(Report.Dictated!.At)} {Report.Dictated.By}が記録（{Report.Dictated.Source}）";

    public string RewriteLink => ExpertLinks.ToReport(VisitId, Side);

    [BindProperty(SupportsGet = true)]
    public string Visit { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    private VisitId VisitId => Consultation.Visits.VisitId.TryParse(Visit, null, out var id) ? id : throw new NotFound();

    private Track Side => Choices.Read<Track>(Track) ?? throw new NotFound();

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await TryAsync(new ConfirmReport(VisitId, Side), _ => null, _ => Say("報告を確認しました。")))
        {
            return Redirect("/my-cases");
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        Report = await AskAsync(new GetOwedReport(VisitId, Side, ToConfirm: true));
        Lead = CaseSigns.Of(Side);
    }
}
