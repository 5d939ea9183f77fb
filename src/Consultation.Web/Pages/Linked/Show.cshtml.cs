using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Host;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages.Linked;

/// <summary>The visit of a letter as it is now, and what the client may do about it.</summary>
[AllowAnonymous, EnableRateLimiting(SecretLinks.RateLimit)]
public sealed class ShowModel(Dispatcher dispatcher, DeskBook desks) : LinkedPage(dispatcher, desks)
{
    public string? Done { get; private set; }

    public Task<IActionResult> OnGetAsync()
    {
        Done = TempData["Done"] as string;
        return ShowAsync();
    }
}
