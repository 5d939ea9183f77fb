using System.ComponentModel.DataAnnotations;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Desks;

/// <summary>One desk: its name, hours and dates.</summary>
public sealed class DeskModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    private const string NoTime = "9:00 のように、時刻を入力してください。";
    private const string NoDay = "2026年4月1日のように、暦にある日付を入力してください。";

    public DeskLine Desk { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Slug { get; set; } = "";

    [BindProperty, Display(Name = "名称")]
    public string? Name { get; set; }

    [BindProperty, Display(Name = "受付の始まり")]
    public string? Opens { get; set; }

    [BindProperty, Display(Name = "受付の終わり")]
    public string? Closes { get; set; }

    [BindProperty, Display(Name = "昼休みの始まり")]
    public string? LunchFrom { get; set; }

    [BindProperty, Display(Name = "昼休みの終わり")]
    public string? LunchTo { get; set; }

    [BindProperty, Display(Name = "電話番号")]
    public string? Phone { get; set; }

    [BindProperty, Display(Name = "受付期間の始まり")]
    public DayInput EffectiveFrom { get; set; } = new();

    [BindProperty, Display(Name = "受付期間の終わり")]
    public DayInput EffectiveTo { get; set; } = new();

    [BindProperty, Display(Name = "送る時間の始まり")]
    public string? MailFrom { get; set; }

    [BindProperty, Display(Name = "送る時間の終わり")]
    public string? MailUntil { get; set; }

    [BindProperty, Display(Name = "送る日")]
    public string? MailDays { get; set; }

    public static readonly IReadOnlyList<Choice> Days = [new("every", "毎日"), new("open", "受付日だけ")];

    [BindProperty]
    public int Version { get; set; }

    public bool Stale => WasStale;

    public async Task OnGetAsync()
    {
        await LookAsync();
        (Name, Opens, Closes, Version) = (Desk.Name, JapaneseDate.Time(Desk.Opens), JapaneseDate.Time(Desk.Closes), Desk.Version);
        (LunchFrom, LunchTo) = (Desk.LunchFrom is { } from ? JapaneseDate.Time(from) : null, Desk.LunchTo is { } to ? JapaneseDate.Time(to) : null);
        Phone = Desk.Phone;
        EffectiveFrom = DayInput.Of(Desk.EffectiveFrom);
        EffectiveTo = Desk.EffectiveTo is { } last ? DayInput.Of(last) : new();
        ShowMailHours();
    }

    public async Task<IActionResult> OnPostMailHoursAsync()
    {
        var request = new SetMailHours(Slug, Time("MailFrom", MailFrom), Time("MailUntil", MailUntil), MailDays == "open");
        if (ModelState.IsValid && await TryAsync(request, _ => "MailUntil", version: Version))
        {
            Say("メールを送る時間を保存しました。これから書くメールに使います。");
            return Redirect($"/settings/desks/{Slug}");
        }

        var typed = (MailFrom, MailUntil, MailDays, Version);
        await OnGetAsync();
        (MailFrom, MailUntil, MailDays, Version) = WasStale ? (typed.MailFrom, typed.MailUntil, typed.MailDays, Desk.Version) : typed;
        if (WasStale)
        {
            ModelState.Remove("Version");
        }

        return Page();
    }

    private void ShowMailHours() => (MailFrom, MailUntil, MailDays) = (
        Desk.MailFrom is { } from ? JapaneseDate.Time(from) : null, Desk.MailUntil is { } until ? JapaneseDate.Time(until) : null, Desk.MailOpenDaysOnly ? "open" : "every");

    public async Task<IActionResult> OnPostAsync()
    {
        var request = new ChangeDesk(
            Slug, Name, Time("Opens", Opens), Time("Closes", Closes), Time("LunchFrom", LunchFrom), Time("LunchTo", LunchTo), Day("EffectiveFrom", EffectiveFrom), Day("EffectiveTo", EffectiveTo), Phone);
        if (ModelState.IsValid && await TryAsync(request, field => char.ToUpperInvariant(field[0]) + field[1..], version: Version))
        {
            Say("窓口の設定を保存しました。これから決まる期限は、新しい受付時間で数えます。");
            return Redirect("/settings/desks");
        }

        await LookAsync();
        ShowMailHours();
        if (WasStale)
        {
            ModelState.Remove("Version");
            Version = Desk.Version;
        }

        return Page();
    }

    private TimeOnly? Time(string field, string? typed)
    {
        var time = Typed.Time(typed);
        if (time is null && !string.IsNullOrWhiteSpace(typed))
        {
            ModelState.AddModelError(field, NoTime);
        }

        return time;
    }

    private DateOnly? Day(string field, DayInput typed)
    {
        var day = typed.Read();
        if (day is null && !typed.IsEmpty)
        {
            ModelState.AddModelError(field, NoDay);
        }

        return day;
    }

    private async Task LookAsync() => Desk = (await AskAsync(new ListDesks())).FirstOrDefault(desk => desk.Slug == Slug) ?? throw new NotFound();
}
