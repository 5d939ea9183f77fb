using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Cases;
using Consultation.Disaster;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Disaster;

/// <summary>By prefecture and days: what the switch would do, and the button that does it (journey J26).</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Places = [new("", "選んでください"), .. Prefectures.All.Select(place => new Choice(place.Code, place.Name))];

    public static readonly IReadOnlyList<Choice> Ways = [Choices.Of(DisasterWay.Web, "同じ時間のWeb会議にする"), Choices.Of(DisasterWay.PutOff, "中止し、新しい日程はあとで相談する")];

    public DisasterPreview? Preview { get; private set; }

    public IReadOnlyList<DisasterLine> Lines { get; private set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "都道府県")]
    public string? Prefecture { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "初日")]
    public DayInput From { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "最終日")]
    public DayInput To { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "どうするか")]
    public string? Way { get; set; }

    [BindProperty, Display(Name = "災害の種類")]
    public string? Reason { get; set; }

    public static string NameOf(DisasterWay way) => way == DisasterWay.Web ? "Web会議に変更" : "中止";

    public static string PeriodOf(DateOnly from, DateOnly to) => from == to ? JapaneseDate.Short(from) : $"{JapaneseDate.Short(from)}〜{JapaneseDate.Short(to)}";

    public static string PathTo(DisasterPlanId id) => string.Create(CultureInfo.InvariantCulture, $"/disaster/{id}");

    public async Task OnGetAsync()
    {
        if (Request.Query.ContainsKey(nameof(Prefecture)))
        {
            await LookAsync();
        }
        else
        {
            var tomorrow = JapanTime.DateOf(clock.Now).AddDays(1);
            (From, To, Way) = (DayInput.Of(tomorrow), DayInput.Of(tomorrow), nameof(DisasterWay.Web));
        }

        Lines = await AskAsync(new ListDisasters());
    }

    public async Task<IActionResult> OnPostAsync()
    {
        DisasterPlanId? opened = null;
        if (await TryAsync(Asked, FieldOf, id => opened = id))
        {
            var done = await AskAsync(new ApplyDisaster(opened!.Value));
            Say($"{done.Done}件の案件を切り替え、相談者と専門家に知らせました。{(done.Failed > 0 ? $"{done.Failed}件はできませんでした。理由を確かめてください。" : "")}");
            return Redirect(PathTo(opened.Value));
        }

        return await AgainAsync();
    }

    /// <summary>Only what would be sent about one case is asked.</summary>
    public async Task<IActionResult> OnPostShowAsync(CaseId about)
    {
        await TryAsync(new ShowSwitch(Asked, about), FieldOf);
        return await AgainAsync();
    }

    private OpenDisaster Asked => new(Prefecture, From.Read(), To.Read(), Choices.Read<DisasterWay>(Way), Reason);

    private async Task<IActionResult> AgainAsync()
    {
        await LookAsync();
        Lines = await AskAsync(new ListDisasters());
        return Page();
    }

    private async Task LookAsync()
    {
        foreach (var (name, day) in new[] { ("From", From), ("To", To) })
        {
            if (!day.IsEmpty && day.Read() is null)
            {
                ModelState.AddModelError(name, "暦にある日付を入力してください。");
            }
        }

        // Without a day that can be read the request would call the day missing, which it is not.
        if (ModelState.ErrorCount == 0 || Request.Method == HttpMethods.Post)
        {
            await TryAsync(new PreviewDisaster(Prefecture, From.Read(), To.Read(), Choices.Read<DisasterWay>(Way)), FieldOf, preview => Preview = preview);
        }
    }

    private static string? FieldOf(string field) => field[(field.LastIndexOf('.') + 1)..] switch { "prefecture" => "Prefecture", "from" => "From", "to" => "To", "way" => "Way", "reason" => "Reason", _ => null };
}
