using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Takes a coming opening back; what moves is shown first.</summary>
public sealed class WithdrawOpeningModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public DayPreview? Preview { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Id { get; set; }

    private OpeningId Opening => OpeningId.TryParse(Id, null, out var id) ? id : throw new NotFound();

    public Task OnGetAsync() => TryAsync(new PreviewWithdrawal(Opening), _ => null, preview => Preview = preview);

    public async Task<IActionResult> OnPostAsync()
    {
        if (await TryAsync(new WithdrawOpening(Opening), _ => null, done => Say($"{Reference.JapaneseDate.Long(done.Day)}をふだんどおりに戻しました。{done.Moved}件の日付を数え直しました。")))
        {
            return Redirect("/settings/calendar");
        }

        return Page();
    }
}
