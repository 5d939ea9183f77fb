using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Visits;
using Consultation.Web.Host;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages.Linked;

/// <summary>The client says that the date stands.</summary>
[AllowAnonymous, EnableRateLimiting(SecretLinks.RateLimit)]
public sealed class ConfirmModel(Dispatcher dispatcher, DeskBook desks) : LinkedPage(dispatcher, desks)
{
    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => ActAsync(new ConfirmByLink(Secret, Seen), _ => null, "この日時でご確認いただきました。当日お待ちしております。");
}
