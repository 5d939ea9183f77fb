using System.Globalization;
using Consultation.Web.Mailbox;
using Consultation.Web.Pages.Shared;
using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Mailbox;

/// <summary>What the demo's local mailbox received.</summary>
public sealed class IndexModel(Inbox inbox) : PageModel
{
    public MailboxView View { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long? after, CancellationToken cancellationToken)
    {
        if (!Inbox.IsFor(CurrentActor.Required(HttpContext)))
        {
            return StatusCode(StatusCodes.Status403Forbidden);
        }

        if (!await inbox.IsOpenAsync(cancellationToken))
        {
            return NotFound();
        }

        var found = await inbox.ListAsync(after, cancellationToken);
        var shown = found.Take(Inbox.PageSize).ToList();
        var next = found.Count > shown.Count ? string.Create(CultureInfo.InvariantCulture, $"/mailbox?after={shown[^1].Id}") : null;
        View = new(
            shown.Select(line => new MailLineView(
                string.Create(CultureInfo.InvariantCulture, $"/mailbox/{line.Id}"), line.At, line.Recipients, line.Subject, MailboxView.StateOf(line))).ToList(),
            new($"{shown.Count}通を表示", next, after is null ? null : "/mailbox"));
        return Page();
    }
}
