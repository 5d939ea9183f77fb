using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Who waits for a time that somebody else gives up, and who is asked right now.</summary>
public sealed class WaitingModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public IReadOnlyList<WaitingWish> Wishes { get; private set; } = [];

    public string? Next { get; private set; }

    public DateTimeOffset Now => clock.Now;

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public static StateView StateOf(WaitingWish wish) =>
        wish.State == WishState.Offered ? new(WishWords.Of(wish.State), Tone.Warn, Shape.Call) : new(WishWords.Of(wish.State), Tone.Info, Shape.Asked);

    public async Task OnGetAsync()
    {
        var page = await AskAsync(new ListSlotWishes(null, string.IsNullOrEmpty(After) ? null : After));
        (Wishes, Next) = (page.Items, page.Next);
    }
}
