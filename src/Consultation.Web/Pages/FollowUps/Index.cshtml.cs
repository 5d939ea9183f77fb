using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.FollowUps;

/// <summary>The follow-ups somebody has still to act on, by due day.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public bool IsOwn => Actor.Role == Role.Expert;

    public string Title => IsOwn ? "わたしのフォローアップ" : "フォローアップ";

    public IReadOnlyList<FollowUpLineView> Lines { get; private set; } = [];

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public async Task OnGetAsync()
    {
        var page = await AskAsync(new ListFollowUps(After: After));
        Lines = await FollowUpLineView.OfAsync(page.Items, clock, Actor.District ?? "national", HttpContext.RequestAborted);
        Pager = new(page.Next is null ? "ここが最後です。" : "続きがあります。", page.Next is { } next ? Url.Page("/FollowUps/Index", new { after = next }) : null, After is null ? null : "/follow-ups");
    }
}
