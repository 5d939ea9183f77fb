using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The offers that wait for the expert's answer.</summary>
public sealed class OffersModel : PageModel
{
    public OffersView View { get; set; } = null!;

    [BindProperty]
    public string? Offer { get; set; }

    [BindProperty, Display(Name = "辞退の理由")]
    public string? Reason { get; set; }

    public void OnGet()
    {
    }
}
