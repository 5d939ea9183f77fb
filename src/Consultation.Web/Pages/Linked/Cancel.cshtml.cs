using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Visits;
using Consultation.Web.Host;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Consultation.Web.Pages.Linked;

/// <summary>The client gives the visit up.</summary>
[AllowAnonymous, EnableRateLimiting(SecretLinks.RateLimit)]
public sealed class CancelModel(Dispatcher dispatcher, DeskBook desks) : LinkedPage(dispatcher, desks)
{
    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => ActAsync(new CancelByLink(Secret, Reason, Seen), _ => "Reason", "予約を取り消しました。取消しのお知らせをメールでお送りします。");
}
