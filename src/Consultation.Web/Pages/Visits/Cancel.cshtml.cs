using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Gives a visit up, by whom and why.</summary>
public sealed class CancelModel(Dispatcher dispatcher) : VisitPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Causes =
        [.. new[] { CancelledBy.Client, CancelledBy.Expert, CancelledBy.Desk, CancelledBy.Disaster }.Select(by => Choices.Of(by, VisitWords.Of(by)))];

    [BindProperty, Display(Name = "だれの都合か")]
    public string? By { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() =>
        DoAsync(new CancelVisit(VisitId, Choices.Read<CancelledBy>(By), Reason), field => field == "by" ? "By" : "Reason", "予約を取り消しました。");
}
