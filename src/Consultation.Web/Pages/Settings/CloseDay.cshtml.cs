using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Closes a day: what moves is shown first, then done in one command. What was not looked at is not done.</summary>
public sealed class CloseDayModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public IReadOnlyList<Choice> Desks { get; private set; } = [];

    public DayPreview? Preview { get; private set; }

    [BindProperty, Display(Name = "休業する日")]
    public DayInput On { get; set; } = new();

    [BindProperty, Display(Name = "窓口")]
    public string? Desk { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    /// <summary>Which day and desk the preview on the page was about.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    private string Asked => $"{On.Read():yyyyMMdd} {Desk}";

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostLookAsync()
    {
        await LookAsync();
        await PreviewAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostCloseAsync()
    {
        await LookAsync();
        if (Seen != Asked)
        {
            await PreviewAsync();
            return Page();
        }

        if (ReadsDay() && await TryAsync(new CloseDay(On.Read(), DeskOrAll, Reason), FieldOf, done => Say($"{Reference.JapaneseDate.Long(done.Day)}を休業日にしました。{done.Moved}件の日付を数え直しました。")))
        {
            return Redirect($"/settings/calendar?year={On.Read()!.Value.Year}");
        }

        return Page();
    }

    private string? DeskOrAll => string.IsNullOrEmpty(Desk) ? null : Desk;

    private async Task PreviewAsync()
    {
        ModelState.Remove(nameof(Seen));
        Seen = null;
        if (ReadsDay() && await TryAsync(new PreviewClosing(On.Read(), DeskOrAll, Reason), FieldOf, preview => Preview = preview))
        {
            Seen = Asked;
        }
    }

    private bool ReadsDay()
    {
        if (!On.IsEmpty && On.Read() is null)
        {
            ModelState.AddModelError("On", "2026年12月24日のように、暦にある日付を入力してください。");
        }

        return ModelState.IsValid;
    }

    private static string? FieldOf(string field) => field switch
    {
        "on" => "On",
        "desk" => "Desk",
        "reason" => "Reason",
        _ => null,
    };

    private async Task LookAsync()
    {
        var days = await AskAsync(new ListClosedDays(Reference.JapanTime.DateOf(clock.Now).Year));
        Desks = [new("", "すべての窓口"), .. days.Desks.Select(desk => new Choice(desk.Slug, desk.Name))];
    }
}
