using System.ComponentModel.DataAnnotations;
using Consultation.CalendarChange;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings;

/// <summary>Opens a closed day or gives a day other hours: what moves is shown first, then done in one command. What was not looked at is not done.</summary>
public sealed class OpenDayModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public IReadOnlyList<Choice> Desks { get; private set; } = [];

    public DayPreview? Preview { get; private set; }

    [BindProperty, Display(Name = "日付")]
    public DayInput On { get; set; } = new();

    [BindProperty, Display(Name = "窓口")]
    public string? Desk { get; set; }

    [BindProperty, Display(Name = "受付の始まり")]
    public string? Opens { get; set; }

    [BindProperty, Display(Name = "受付の終わり")]
    public string? Closes { get; set; }

    [BindProperty, Display(Name = "昼休みの始まり")]
    public string? LunchFrom { get; set; }

    [BindProperty, Display(Name = "昼休みの終わり")]
    public string? LunchTo { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    /// <summary>Which day, desk and hours the preview on the page was about.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    private string Asked => $"{On.Read():yyyyMMdd} {Desk} {Typed.Time(Opens):HHmm} {Typed.Time(Closes):HHmm} {Typed.Time(LunchFrom):HHmm} {Typed.Time(LunchTo):HHmm}";

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostLookAsync()
    {
        await LookAsync();
        await PreviewAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostOpenAsync()
    {
        await LookAsync();
        if (Seen != Asked)
        {
            await PreviewAsync();
            return Page();
        }

        var day = ReadDay();
        if (ModelState.IsValid && await TryAsync(new OpenDay(day), FieldOf, done => Say($"{Reference.JapaneseDate.Long(done.Day)}の受付時間を登録しました。{done.Moved}件の日付を数え直しました。")))
        {
            return Redirect($"/settings/calendar?year={day.On!.Value.Year}");
        }

        return Page();
    }

    private async Task PreviewAsync()
    {
        ModelState.Remove(nameof(Seen));
        Seen = null;
        var day = ReadDay();
        if (ModelState.IsValid && await TryAsync(new PreviewOpening(day), FieldOf, preview => Preview = preview))
        {
            Seen = Asked;
        }
    }

    private DayHoursOf ReadDay()
    {
        if (!On.IsEmpty && On.Read() is null)
        {
            ModelState.AddModelError("On", "2026年12月24日のように、暦にある日付を入力してください。");
        }

        return new(On.Read(), string.IsNullOrEmpty(Desk) ? null : Desk, Time(Opens, nameof(Opens)), Time(Closes, nameof(Closes)), Time(LunchFrom, nameof(LunchFrom)), Time(LunchTo, nameof(LunchTo)), Reason);
    }

    private TimeOnly? Time(string? text, string field)
    {
        var time = Typed.Time(text);
        if (!string.IsNullOrWhiteSpace(text) && time is null)
        {
            ModelState.AddModelError(field, "9:00 のように入力してください。");
        }

        return time;
    }

    private static string? FieldOf(string field) => NameOf(field.StartsWith("day.", StringComparison.Ordinal) ? field[4..] : field);

    private static string? NameOf(string field) => field is "on" or "desk" or "opens" or "closes" or "lunchFrom" or "lunchTo" or "reason" ? char.ToUpperInvariant(field[0]) + field[1..] : null;

    private async Task LookAsync()
    {
        var days = await AskAsync(new ListClosedDays(Reference.JapanTime.DateOf(clock.Now).Year));
        Desks = [new("", "すべての窓口"), .. days.Desks.Select(desk => new Choice(desk.Slug, desk.Name))];
    }
}
