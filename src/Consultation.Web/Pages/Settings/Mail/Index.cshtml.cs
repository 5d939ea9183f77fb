using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Mail;

/// <summary>What became of the outgoing mail; no text, no whole address, for whoever runs the product sees no cases.</summary>
public sealed class IndexModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private const string Twice = "twice";
    private static readonly MailState[] States = [MailState.Dead, MailState.Bounced, MailState.Deferred, MailState.Waiting, MailState.Attempting, MailState.Sent, MailState.Discarded];

    public OutboxPage Outbox { get; private set; } = null!;

    public IReadOnlyList<SavedView> Views =>
    [
        new("すべて", "/settings/mail", State is null),
        .. States.Select(one => new SavedView(SettingsWords.Of(one), $"/settings/mail?state={one}", State == one.ToString())),
        new("二重に届いたかもしれないもの", $"/settings/mail?state={Twice}", State == Twice),
    ];

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public async Task OnGetAsync()
    {
        MailId? after = MailId.TryParse(After, null, out var id) ? id : null;
        Outbox = await AskAsync(new ListOutgoingMail(Choices.Read<MailState>(State), State == Twice, after));
        Pager = new(
            $"{Outbox.Items.Count}通を表示", Outbox.Next is { } next ? Url.Page("/Settings/Mail/Index", new { state = State, after = next }) : null,
            after is null ? null : Url.Page("/Settings/Mail/Index", new { state = State, after = (string?)null }));
    }

    public async Task<IActionResult> OnPostReleaseAsync()
    {
        if (await TryAsync(new ReleaseMail(), _ => null, due => Say($"送信を再開しました。送信待ち {due}通")))
        {
            return Redirect("/settings/mail");
        }

        await OnGetAsync();
        return Page();
    }
}
