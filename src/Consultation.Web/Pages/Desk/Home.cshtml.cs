using System.ComponentModel.DataAnnotations;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Desk;

/// <summary>The desk's home: call-backs first, then what is due today.</summary>
public sealed class HomeModel : PageModel
{
    public HomeView View { get; set; } = null!;

    [BindProperty]
    public TallyInput Tally { get; set; } = new();

    public void OnGet()
    {
    }

    public sealed class TallyInput
    {
        [Display(Name = "問合せの種類")]
        public string? Kind { get; set; }

        [Display(Name = "手段")]
        public string? Channel { get; set; } = "phone";
    }
}
