using Consultation.Web.Pages.Shared;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages;

/// <summary>Leads everybody to the page their work begins with.</summary>
public sealed class IndexModel : PageModel
{
    public IActionResult OnGet() => LocalRedirect(Navigation.HomeOf(CurrentActor.Required(HttpContext)));
}
