using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Mailbox;

/// <summary>What the demo's local mailbox received.</summary>
public sealed class IndexModel : PageModel
{
    public MailboxView View { get; set; } = null!;

    public void OnGet()
    {
    }
}
