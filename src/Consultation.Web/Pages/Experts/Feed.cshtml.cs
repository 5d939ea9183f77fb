using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Visits;
using Consultation.Web.Host;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>The address under which an expert's own calendar program reads the visits; shown when it is made and never again.</summary>
public sealed class FeedModel(Dispatcher dispatcher, MailSettings mail) : SendingPage(dispatcher)
{
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public FeedView Feed { get; private set; } = null!;

    public string? Issued { get; private set; }

    public bool IsOwn => Actor.Expert == Whose;

    private ExpertId Whose => ExpertId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostRenewAsync()
    {
        // An address made twice by one click would leave the first one dead before it was read; the last one shown is the one that holds.
        await TryAsync(new RenewFeed(Whose), _ => null, secret => Issued = (mail.Links ?? $"{Request.Scheme}://{Request.Host}") + SecretLinks.FeedPath(secret));
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostRevokeAsync()
    {
        if (!await TryAsync(new RevokeFeed(Whose), _ => null, _ => Say("カレンダー用のアドレスを取りやめました。")))
        {
            return await ShowAsync();
        }

        return Redirect(Request.Path);
    }

    private async Task<IActionResult> ShowAsync()
    {
        Feed = await AskAsync(new GetFeed(Whose));
        return Page();
    }
}
