using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Pauses the clocks of a case.</summary>
public sealed class HoldModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => DoAsync(new HoldCase(Case, Reason), _ => "Reason", "保留にしました。期限は止まっています。");
}
