using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Messaging;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Takes a closed case up again.</summary>
public sealed class ReopenModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => DoAsync(new ReopenCase(Case, Reason), _ => "Reason", "案件を再開しました。");
}
