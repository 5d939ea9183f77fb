using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own cases, the next visit first.</summary>
public sealed class MyCasesModel : PageModel
{
    public MyCasesView View { get; set; } = null!;

    public void OnGet()
    {
    }
}
