using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Desk;

/// <summary>Writes down an inquiry while the caller talks; one line is enough.</summary>
public sealed class NewInquiryModel : PageModel
{
    public NewInquiryView View { get; set; } = null!;

    [BindProperty]
    public NewInquiryInput Input { get; set; } = new();

    /// <summary>Makes a double click and a resubmitted form one case.</summary>
    [BindProperty]
    public string Key { get; set; } = "";

    public void OnGet()
    {
    }
}
