using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Web.Pages.Shared;
using Consultation.Work;

namespace Consultation.Web.Pages.Settings.Work;

/// <summary>The background work: what ran, what waits, what is late, what could not be done; each job can be run at once.</summary>
public sealed class IndexModel(Dispatcher dispatcher, AppClock clock) : SendingPage(dispatcher)
{
    /// <summary>The job whose rows are mails, which have a page.</summary>
    public const string OfMails = "tell-lost-mail";

    private const int MostShown = 10;

    public bool IsDemo => clock.IsDemo;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<WorkLine> Jobs { get; private set; } = [];

    public IReadOnlyList<string> Late => [.. Jobs.Where(job => job.IsLate).Select(job => SettingsWords.OfJob(job.Name))];

    public IEnumerable<(WorkLine Job, FailingRow Row)> Failing => Jobs.SelectMany(job => job.FailingRows.Select(row => (job, row)));

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
}
