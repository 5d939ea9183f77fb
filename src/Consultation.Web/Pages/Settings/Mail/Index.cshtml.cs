using System.ComponentModel.DataAnnotations;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Mail;

/// <summary>What became of the outgoing mail; no text, no whole address, for whoever runs the product sees no cases.</summary>
public sealed class IndexModel(Dispatcher dispatcher, AppClock clock) : SendingPage(dispatcher)
{
    private const string Twice = "twice";
    private static readonly MailState[] States = [MailState.Dead, MailState.Bounced, MailState.Deferred, MailState.Waiting, MailState.Attempting, MailState.Gathered, MailState.Sent, MailState.Discarded];

    public OutboxPage Outbox { get; private set; } = null!;

    public MailWay Way { get; private set; } = null!;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IEnumerable<(MailState State, int Count)> Counts => States.Select(state => (state, Way.Counts[state]));

    public IReadOnlyList<SavedView> Views =>
    [
        new("すべて", "/settings/mail", State is null),
        .. States.Select(one => new SavedView(SettingsWords.Of(one), $"/settings/mail?state={one}", State == one.ToString())),
        new("二重に届いたかもしれないもの", $"/settings/mail?state={Twice}", State == Twice),
    ];

    /// <summary>Whether everything that is shown, and what follows it, may be chosen at once.</summary>
    public bool CanTakeAll => Known is MailState.Dead or MailState.Bounced or MailState.Deferred or MailState.Waiting;

    public PagerView Pager { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Domain { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty, Display(Name = "再開の理由")]
    public string? ReleaseReason { get; set; }

    [BindProperty]
    public IReadOnlyList<string> Chosen { get; set; } = [];

    [BindProperty]
    public bool All { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? BulkReason { get; set; }

    private MailState? Known => Choices.Read<MailState>(State);

    private MailChoice Choice => All && CanTakeAll
        ? new(State: Known, Domain: Domain)
        : new([.. Chosen.Select(typed => MailId.TryParse(typed, null, out var id) ? id : throw new NotFound())]);

    public async Task OnGetAsync()
    {
        MailId? after = MailId.TryParse(After, null, out var id) ? id : null;
        Way = await AskAsync(new GetMailWay());
        Outbox = await AskAsync(new ListOutgoingMail(Known, State == Twice, after, Domain: Domain));
        Pager = new(
            $"{Outbox.Items.Count}通を表示", Outbox.Next is { } next ? Url.Page("/Settings/Mail/Index", new { state = State, domain = Domain, after = next }) : null,
            after is null ? null : Url.Page("/Settings/Mail/Index", new { state = State, domain = Domain, after = (string?)null }));
    }

    public Task<IActionResult> OnPostReleaseAsync() =>
        DoAsync(new ReleaseMail(ReleaseReason), field => field == "reason" ? nameof(ReleaseReason) : null, due => $"送信を再開しました。送信待ち {due}通");

    public Task<IActionResult> OnPostRetryManyAsync() => DoAsync(new RetryMails(Choice, BulkReason), FieldOf, done => MailWords.Done("もう一度送るようにしました", done));

    public Task<IActionResult> OnPostDiscardManyAsync() => DoAsync(new DiscardMails(Choice, BulkReason), FieldOf, done => MailWords.Done("送信を取りやめました", done));

    private static string? FieldOf(string field) => field == "reason" ? nameof(BulkReason) : null;

    private async Task<IActionResult> DoAsync<T>(MediatR.IRequest<T> act, Func<string, string?> fieldOf, Func<T, string> told)
    {
        if (await TryAsync(act, fieldOf, done => Say(told(done))))
        {
            return Redirect(Url.Page("/Settings/Mail/Index", new { state = State, domain = Domain })!);
        }

        await OnGetAsync();
        return Page();
    }
}
