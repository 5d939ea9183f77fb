using Consultation.Web.Mailbox;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Mailbox;

/// <summary>One message as the local mailbox received it.</summary>
public sealed class MailModel(Inbox inbox) : PageModel
{
    public MailView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        if (!Inbox.IsFor(CurrentActor.Required(HttpContext)))
        {
            return StatusCode(StatusCodes.Status403Forbidden);
        }

        if (await inbox.FindAsync(id, cancellationToken) is not var (line, mail))
        {
            return NotFound();
        }

        View = new(line.At, mail.From, mail.To, mail.Subject, mail.MessageId ?? "なし", MailboxView.StateOf(line), mail.Body, mail.Attachments, mail.Calendars);
        return Page();
    }
}
