using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Puts a case on the waiting list for freed times, or takes it off.</summary>
public sealed class WaitModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    private const string AnyTime = "any";
    private const string Morning = "morning";
    private const string Afternoon = "afternoon";
    private const string Another = "another";
    private const int UsualDays = 14;
    private static readonly TimeOnly Noon = new(12, 0);

    public static readonly IReadOnlyList<Choice> Times = [new(AnyTime, "いつでも"), new(Morning, "午前(12:00まで)"), new(Afternoon, "午後(12:00から)")];

    public FileWish? Wish => Full.Wish;

    /// <summary>Booked visits that could be earlier, and that another one is wanted.</summary>
    public IReadOnlyList<Choice> Booked { get; private set; } = [];

    public IReadOnlyList<string> NextFree { get; private set; } = [];

    [BindProperty, Display(Name = "方法")]
    public string? Mode { get; set; }

    [BindProperty, Display(Name = "所要時間(分)")]
    public string? Minutes { get; set; }

    [BindProperty, Display(Name = "最初の日")]
    public DayInput From { get; set; } = new();

    [BindProperty, Display(Name = "最後の日")]
    public DayInput To { get; set; } = new();

    [BindProperty, Display(Name = "時間帯")]
    public string? Time { get; set; }

    [BindProperty, Display(Name = "待つ理由")]
    public string? Earlier { get; set; }

    [BindProperty, Display(Name = "理由")]
    public string? Reason { get; set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync()
    {
        foreach (var (day, field) in new[] { (From, "From"), (To, "To") })
        {
            if (!day.IsEmpty && day.Read() is null)
            {
                ModelState.AddModelError(field, "2026年12月1日のように、暦にある日付を入力してください。");
            }
        }

        var wait = new WaitForSlot(
            Case, Choices.Read<VisitMode>(Mode), (int?)Typed.Number(Minutes), From.Read(), To.Read(), Time == Afternoon ? Noon : null, Time == Morning ? Noon : null,
            VisitId.TryParse(Earlier, null, out var earlier) ? earlier : null);
        return DoAsync(wait, FieldOf, "空き待ちに登録しました。");
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await LookAsync();
        return Wish is { } wish ? await DoAsync(new StopWaiting(wish.Id, Reason), _ => "Reason", "空き待ちを終えました。") : Redirect(QueueRows.LinkTo(Case));
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var today = JapanTime.DateOf(clock.Now);
        Mode ??= (Full.PreferredMode ?? VisitMode.Web).ToString();
        Minutes ??= "60";
        Time ??= AnyTime;
        var open = Full.Visits.Where(visit => visit.State is VisitState.Confirmed).ToList();
        Booked = open.Count == 0 ? [] : [.. open.Select(visit => new Choice(visit.Id.ToString(), $"{VisitLines.When(visit)} を早める")), new(Another, "別の相談を追加する")];
        Earlier ??= open.Count > 0 ? open[0].Id.ToString() : Another;
        if (From.IsEmpty && To.IsEmpty)
        {
            (From, To) = (DayInput.Of(today), DayInput.Of(today.AddDays(UsualDays)));
        }
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        if (refused.Extra.TryGetValue("nextSlots", out var listed) && listed is IEnumerable<FreeSlot> free)
        {
            NextFree = [.. free.Select(slot => JapaneseDate.ShortTime(slot.Start))];
        }

        return null;
    }

    private static string? FieldOf(string field) => field switch
    {
        "mode" => "Mode",
        "minutes" => "Minutes",
        "from" => "From",
        "to" => "To",
        "dayTo" => "Time",
        _ => null,
    };
}
