using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Cases;

/// <summary>The one-stop queue and every other list of cases; all that narrows it lives in the address.</summary>
public sealed class IndexModel : PageModel
{
    public CasesView View { get; set; } = null!;

    public void OnGet()
    {
    }
}
