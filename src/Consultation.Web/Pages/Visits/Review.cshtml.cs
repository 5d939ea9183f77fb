using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>The supervisor accepts a report or sends it back.</summary>
public sealed class ReviewModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public FileVisitReport Report { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "差戻しの理由")]
    public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!Actor.Can(Permission.ApproveReport))
        {
            throw new Forbidden();
        }

        await LookAsync();
        // What is decided already is read, not decided again.
        return Report.State == ReportState.Submitted ? Page() : Redirect(VisitLines.PathTo(Case, Line, "reports"));
    }

    public Task<IActionResult> OnPostAsync(string? @do) => @do == "return"
        ? DoAsync(new ReturnReport(VisitId, Choices.Read<Track>(Track), Reason), _ => "Reason", "報告を差し戻しました。")
        : DoAsync(new ApproveReport(VisitId, Choices.Read<Track>(Track)), _ => null, "報告を承認しました。");

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Report = Line.Reports.FirstOrDefault(report => report.Track == Choices.Read<Track>(Track)) ?? throw new NotFound();
    }
}
