using Consultation.Disaster;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Disaster;

/// <summary>What became of each case of one use of the switch; going on, and the way back.</summary>
public sealed class PlanModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public DisasterView Plan { get; private set; } = null!;

    private DisasterPlanId Known => DisasterPlanId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public static StateView StateOf(DisasterItemState state) => state switch
    {
        DisasterItemState.Done => new("切替え済み", Tone.Ok, Shape.Done),
        DisasterItemState.Failed => new("できませんでした", Tone.Alert, Shape.Overdue),
        DisasterItemState.Skipped => new("対象なし", Tone.Quiet, Shape.Done),
        DisasterItemState.Undone => new("元へ戻し済み", Tone.Quiet, Shape.Again),
        DisasterItemState.Kept => new("戻せませんでした", Tone.Warn, Shape.Near),
        _ => new("まだです", Tone.Plain, Shape.Open),
    };

    public Task OnGetAsync() => LookAsync();

    public Task<IActionResult> OnPostApplyAsync() =>
        DoAsync(new ApplyDisaster(Known), done => $"{done.Done}件を切り替えました。{(done.Failed > 0 ? $"{done.Failed}件はできませんでした。" : "")}");

    public Task<IActionResult> OnPostUndoAsync() =>
        DoAsync(new UndoDisaster(Known), done => $"{done.Done}件を元へ戻し、相談者と専門家に知らせました。{(done.Failed > 0 ? $"{done.Failed}件は戻せませんでした。" : "")}");

    private async Task<IActionResult> DoAsync(MediatR.IRequest<DisasterResult> act, Func<DisasterResult, string> words)
    {
        if (await TryAsync(act, _ => null, done => Say(words(done))))
        {
            return Redirect(Request.Path);
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync() => Plan = await AskAsync(new GetDisaster(Known));
}
