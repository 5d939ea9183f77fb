using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Which days are 年末年始: what moves is shown first.</summary>
public sealed class YearEndModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public YearEndPreview? Preview { get; private set; }

    [BindProperty, Display(Name = "休みの初日（12月）")]
    public string? FromDay { get; set; }

    [BindProperty, Display(Name = "休みの最終日（1月）")]
    public string? ToDay { get; set; }

    /// <summary>Which days the preview on the page was about.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    private string Asked => $"{Typed.Number(FromDay)} {Typed.Number(ToDay)}";

    public async Task OnGetAsync()
    {
        var now = (await AskAsync(new ListClosedDays(Reference.JapanTime.DateOf(clock.Now).Year))).YearEnd;
        (FromDay, ToDay) = ($"{now.FromDay}", $"{now.ToDay}");
    }

    public async Task<IActionResult> OnPostLookAsync()
    {
        await PreviewAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostChangeAsync()
    {
        if (Seen != Asked)
        {
            await PreviewAsync();
            return Page();
        }

        var (from, to) = Read();
        if (ModelState.IsValid && await TryAsync(new ChangeYearEnd(from, to), FieldOf, done => Say($"{done.FirstWinter}年の冬からの年末年始を変えました。{done.Moved}件の日付を数え直しました。")))
        {
            return Redirect("/settings/calendar");
        }

        return Page();
    }

    private async Task PreviewAsync()
    {
        ModelState.Remove(nameof(Seen));
        Seen = null;
        var (from, to) = Read();
        if (ModelState.IsValid && await TryAsync(new PreviewYearEnd(from, to), FieldOf, preview => Preview = preview))
        {
            Seen = Asked;
        }
    }

    private (int? From, int? To) Read() => (Number(FromDay, nameof(FromDay)), Number(ToDay, nameof(ToDay)));

    private int? Number(string? text, string field)
    {
        if (!string.IsNullOrWhiteSpace(text) && Typed.Number(text) is null or > 31)
        {
            ModelState.AddModelError(field, "29 のように、数字だけで入力してください。");
            return null;
        }

        return (int?)Typed.Number(text);
    }

    private static string? FieldOf(string field) => field is "fromDay" or "toDay" ? char.ToUpperInvariant(field[0]) + field[1..] : null;
}
