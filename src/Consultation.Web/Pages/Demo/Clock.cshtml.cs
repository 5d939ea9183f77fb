using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Web.Pages.Audit;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Settings;
using Consultation.Web.Pages.Shared;
using Consultation.Work;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Demo;

/// <summary>The movable clock of a demo (P25): step, and see what happened. A real installation has no such page.</summary>
public sealed class ClockModel(Dispatcher dispatcher, AppClock clock) : SendingPage(dispatcher)
{
    private const string Stamp = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>What happened in the last step; null before one.</summary>
    public Happenings? Happened { get; private set; }

    public bool MaySeeMail => Actor.Can(Permission.Administer);

    [BindProperty(SupportsGet = true)]
    public string? Since { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Until { get; set; }

    [BindProperty, Display(Name = "進める先の日付")]
    public DayInput Day { get; set; } = new();

    [BindProperty, Display(Name = "進める先の時刻")]
    public string? At { get; set; }

    public async Task<IActionResult> OnGetAsync()
    {
        DemandDemo();
        At = "9:30";
        if (Read(Since) is { } since && Read(Until) is { } until && since < until)
        {
            Happened = await AskAsync(new ListHappenings(since, until));
        }

        return Page();
    }

    public Task<IActionResult> OnPostHourAsync() => StepAsync(new(ClockMove.Hour));

    public Task<IActionResult> OnPostBusinessDayAsync() => StepAsync(new(ClockMove.BusinessDay));

    public Task<IActionResult> OnPostFiveAsync() => StepAsync(new(ClockMove.FiveBusinessDays));

    public Task<IActionResult> OnPostDayAsync()
    {
        DemandDemo();
        var (day, at) = (Day.Read(), Typed.Time(At));
        if (day is null)
        {
            ModelState.AddModelError(nameof(Day), "2026年12月28日のように、暦にある日付を入力してください。");
        }

        if (at is null)
        {
            ModelState.AddModelError(nameof(At), "9:30 のように入力してください。");
        }

        return ModelState.IsValid ? StepAsync(new(ClockMove.ToDay, day, at)) : Task.FromResult<IActionResult>(Page());
    }

    public static string WordOf(HappenedAct act) => AuditWords.OfAction(act.Action);

    public static string WordOf(HappenedLetter letter) => TemplateWords.NameOf(letter.Template);

    public static string LinkOf(HappenedLine line) => QueueRows.LinkTo(line.Case);

    private async Task<IActionResult> StepAsync(StepClock step)
    {
        DemandDemo();
        ClockStepped? stepped = null;
        if (!await TryAsync(step, field => field == "at" ? nameof(At) : nameof(Day), done => stepped = done))
        {
            return Page();
        }

        Say(stepped!.Failed.Count == 0
            ? $"時計を {JapaneseDate.LongTime(stepped.To)} まで進めました。"
            : $"時計を {JapaneseDate.LongTime(stepped.To)} まで進めました。うまくいかなかった処理: {string.Join("、", stepped.Failed.Keys.Select(SettingsWords.OfJob))}");
        return RedirectToPage(new { since = Write(stepped.From), until = Write(stepped.To) });
    }

    /// <exception cref="NotFound">This is no demo: there is no such page.</exception>
    private void DemandDemo()
    {
        Demand(Permission.MoveDemoClock);
        if (!clock.IsDemo)
        {
            throw new NotFound();
        }
    }

    private static string Write(DateTimeOffset at) => at.ToUniversalTime().ToString(Stamp, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Read(string? text) =>
        DateTimeOffset.TryParseExact(text, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
