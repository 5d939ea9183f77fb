using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Mailbox;

/// <summary>One message as the local mailbox received it.</summary>
public sealed class MailModel : PageModel
{
    public MailView View { get; set; } = null!;

    public void OnGet()
    {
    }
}
