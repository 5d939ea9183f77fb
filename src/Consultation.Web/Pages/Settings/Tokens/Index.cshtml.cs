using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Tokens;

/// <summary>The keys of the API: whose, until when, and how to end one.</summary>
public sealed class IndexModel(Dispatcher dispatcher, TimeProvider clock) : SendingPage(dispatcher)
{
    private const string Ended = "ended";
    private const string All = "all";

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<TokenRow> Tokens { get; private set; } = [];

    public IReadOnlyList<SavedView> Views =>
    [
        new("有効", "/settings/tokens", State is not (Ended or All)),
        new("終わったもの", $"/settings/tokens?state={Ended}", State == Ended),
        new("すべて", $"/settings/tokens?state={All}", State == All),
    ];

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostRevokeAsync(string token)
    {
        var id = AccessTokenId.TryParse(token, null, out var parsed) ? parsed : throw new NotFound();
        if (await TryAsync(new RevokeToken(id), _ => null))
        {
            Say("失効しました。5秒以内に、どこからも使えなくなります。");
            return RedirectToPage(new { state = State });
        }

        return await ShowAsync();
    }

    private async Task<IActionResult> ShowAsync()
    {
        AccessTokenId? after = AccessTokenId.TryParse(After, null, out var id) ? id : null;
        var page = await AskAsync(new ListTokens(State switch { Ended => false, All => null, _ => true }, after));
        Tokens = page.Items;
        Pager = new($"{Tokens.Count}本を表示", page.Next is { } next ? Url.Page("/Settings/Tokens/Index", new { state = State, after = next }) : null, after is null ? null : Url.Page("/Settings/Tokens/Index", new { state = State, after = (string?)null }));
        return Page();
    }
}
