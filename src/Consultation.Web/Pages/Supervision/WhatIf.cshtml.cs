using System.ComponentModel.DataAnnotations;
using Consultation.CaseLoad;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Supervision;

/// <summary>What would become of the waiting days if some were away or one more came; everything asked lives in the address.</summary>
public sealed class WhatIfModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public static readonly IReadOnlyList<Choice> Affiliations =
        [new("", "増やさない"), Choices.Of(Affiliation.Mic, "総務省の専門家"), Choices.Of(Affiliation.Mhlw, "厚労省の専門家"), Choices.Of(Affiliation.Both, "両省を担当できる専門家")];

    public static readonly IReadOnlyList<Choice> Places = [.. Reference.Districts.All.Select(d => new Choice(d.Slug, d.Name))];

    public WaitingProjectionView View { get; private set; } = null!;

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.WhatIf);

    public IReadOnlyList<Choice> People => [.. View.Experts.Select(e => new Choice(e.ExpertId.ToString(), e.Name, $"{e.Taken}件"))];

    public string Question => (View.Experts.Count(e => e.Away), View.Added) switch
    {
        (0, null) => "変更なし",
        (var away, null) => $"{away}人が不在",
        (0, _) => "1人を増員",
        (var away, _) => $"{away}人が不在・1人を増員",
    };

    [BindProperty(SupportsGet = true), Display(Name = "不在にする専門家")]
    public IReadOnlyList<string> Away { get; set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "期間の初日")]
    public DayInput From { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "期間の最終日")]
    public DayInput To { get; set; } = new();

    [BindProperty(SupportsGet = true), Display(Name = "数える週")]
    public string? Weeks { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "増やす専門家")]
    public string? Added { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "増やす専門家の担当地区")]
    public IReadOnlyList<string> Districts { get; set; } = [];

    public static string NameOf(string district) => Reference.Districts.Find(district)?.Name ?? "全国窓口";

    public static string Days(double? days) => days is { } known ? $"{known:0.0}営業日" : "見積もれません";

    public async Task OnGetAsync()
    {
        var weeks = Typed.Number(Weeks);
        if (!string.IsNullOrWhiteSpace(Weeks) && weeks is null or > 1000)
        {
            ModelState.AddModelError("Weeks", "8 のように、数字だけで入力してください。");
        }

        if (!(Wrong("From", From) | Wrong("To", To)) && ModelState.IsValid)
        {
            var away = Away.Select(id => ExpertId.TryParse(id, null, out var known) ? known : ExpertId.From(Guid.Empty)).ToList();
            await TryAsync(new ProjectWaiting(away, From.Read(), To.Read(), (int?)weeks, Choices.Read<Affiliation>(Added), Districts), FieldOf, view => View = view);
        }

        Added ??= "";
        View ??= await AskAsync(new ProjectWaiting());
        if (ModelState.IsValid && From.IsEmpty && To.IsEmpty)
        {
            (From, To) = (DayInput.Of(View.From), DayInput.Of(View.To));
        }
    }

    private static string? FieldOf(string field) => field switch
    {
        "away" => "Away",
        "from" => "From",
        "to" => "To",
        "weeks" => "Weeks",
        "addedDistricts" => "Districts",
        _ => null,
    };

    private bool Wrong(string name, DayInput day)
    {
        var wrong = !day.IsEmpty && day.Read() is null;
        if (wrong)
        {
            ModelState.AddModelError(name, "暦にある日付を入力してください。");
        }

        return wrong;
    }
}
