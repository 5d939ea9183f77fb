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
    public string Side => CaseWords.Of(Wanted);

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    /// <exception cref="NotFound">The address names no ministry; asked before anything is shown, because a view has no way to refuse.</exception>
    private Track Wanted => Choices.Read<Track>(Track) ?? throw new NotFound();

    public Task<IActionResult> OnGetAsync()
    {
        _ = Wanted;
        return Actor.Can(Permission.ApproveReport) ? ShowAsync() : throw new Forbidden();
    }

    public Task<IActionResult> OnPostAsync() => DoAsync(new GiveUpReport(VisitId, Wanted, Reason), _ => "Reason", "報告を未提出で終了しました。");
}
