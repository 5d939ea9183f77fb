using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Consultation.Work;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Work;

/// <summary>Asks once more before a job is run at once, for it may write to clients.</summary>
public sealed class RunModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    [BindProperty(SupportsGet = true)]
    public string? Job { get; set; }

    public WorkLine Work { get; private set; } = null!;

    public string Name => SettingsWords.OfJob(Work.Name);

    public async Task OnGetAsync() => Work = (await AskAsync(new ListWork())).FirstOrDefault(one => one.Name == Job) ?? throw new NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        await OnGetAsync();
        return await TryAsync(new RunJob(Work.Name), _ => null, ran => Say(ran.ErrorCode is { } code ? $"「{Name}」は失敗しました。{SettingsWords.OfFailure(code)}({code})" : $"「{Name}」を実行しました。処理した件数: {ran.Done}件"))
            ? Redirect("/settings/work")
            : Page();
    }
}
