using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Desk;

/// <summary>The inquiry that was just written down: its number to read aloud, and what can still be asked.</summary>
public sealed class InquiryModel : PageModel
{
    public InquiryView View { get; set; } = null!;

    [BindProperty]
    public InquiryInput Input { get; set; } = new();

    public void OnGet()
    {
    }
}
