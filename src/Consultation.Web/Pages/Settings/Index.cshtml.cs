using Consultation.Messaging;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Settings;

/// <summary>The one home of all settings: a line on each.</summary>
public sealed class IndexModel : PageModel
{
    public IReadOnlyList<IGrouping<string, Setting>> Groups { get; private set; } = [];

    public void OnGet()
    {
        Groups = [.. SettingsList.Of(CurrentActor.Required(HttpContext))];
        if (Groups.Count == 0)
        {
            throw new Forbidden();
        }
    }
}
