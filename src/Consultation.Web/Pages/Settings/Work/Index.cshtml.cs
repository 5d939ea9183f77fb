using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Web.Pages.Shared;
using Consultation.Work;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Work;

/// <summary>The background work: what ran, what waits, what failed; each job can be run at once.</summary>
public sealed class IndexModel(Dispatcher dispatcher, AppClock clock) : SendingPage(dispatcher)
{
    private const int MostShown = 5;

    public bool IsDemo => clock.IsDemo;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<WorkLine> Jobs { get; private set; } = [];

    /// <summary>The newest mails that came to nothing.</summary>
    public IReadOnlyList<OutboxRow> Dead { get; private set; } = [];

    public bool Held { get; private set; }

    public async Task OnGetAsync()
    {
        Jobs = await AskAsync(new ListWork());
        var dead = await AskAsync(new ListOutgoingMail(MailState.Dead, Limit: MostShown));
        var bounced = await AskAsync(new ListOutgoingMail(MailState.Bounced, Limit: MostShown));
        Dead = [.. dead.Items.Concat(bounced.Items).OrderByDescending(mail => mail.CreatedAt).Take(MostShown)];
        Held = dead.Held;
    }

    public async Task<IActionResult> OnPostRunAsync(string job)
    {
        var name = SettingsWords.OfJob(job);
        if (!await TryAsync(new RunJob(job), _ => null, ran => Say(ran.ErrorCode is { } code ? $"「{name}」は失敗しました({code})。" : $"「{name}」を実行しました。処理した件数: {ran.Done}件")))
        {
            await OnGetAsync();
            return Page();
        }

        return RedirectToPage();
    }
}
