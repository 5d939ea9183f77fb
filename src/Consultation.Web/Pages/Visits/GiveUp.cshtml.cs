using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>The supervisor closes a report that never came (journey J61).</summary>
public sealed class GiveUpModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public string Side => CaseWords.Of(Choices.Read<Track>(Track) ?? throw new NotFound());

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => Actor.Can(Permission.ApproveReport) ? ShowAsync() : throw new Forbidden();

    public Task<IActionResult> OnPostAsync() =>
        DoAsync(new GiveUpReport(VisitId, Choices.Read<Track>(Track), Reason), _ => "Reason", "報告を未提出で終了しました。");
}
