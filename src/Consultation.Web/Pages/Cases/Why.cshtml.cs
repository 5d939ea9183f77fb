using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>Why each offer of a case went where it went, and whether the rules of today say the same.</summary>
public sealed class WhyModel(Dispatcher dispatcher) : CaseActPage(dispatcher)
{
    public IReadOnlyList<DecisionView> Decisions { get; private set; } = [];

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    protected override async Task LookAsync()
    {
        var replayed = await AskAsync(new ReplayDecision(Case));
        await base.LookAsync();
        Decisions = [.. replayed.Select(DecisionView.Of)];
    }
}

/// <summary>One decision as shown: the chosen first, then everybody else with parts or reasons.</summary>
public sealed record DecisionView(
    string Key, Lead Lead, string Title, string When, string How, string? Overruled, StateView Replay, string Version, IReadOnlyList<string> Differences, IReadOnlyList<JudgedView> Judged, string? Others)
{
    public static DecisionView Of(ReplayedDecision decision)
    {
        var chosen = decision.Verdicts.FirstOrDefault(verdict => verdict.Expert == decision.Chosen);
        return new(
            decision.Offer.ToString(), CaseSigns.Of(decision.Track), chosen?.Name ?? "記録にない専門家", JapaneseDate.LongTime(decision.DecidedAt),
            decision.Auto ? $"{CaseFileWords.AuthorOf(decision.OfferedBy)}が「おすすめの専門家」を選び、判定の1位に打診しました。" : $"{CaseFileWords.AuthorOf(decision.OfferedBy)}が選んで打診しました。",
            decision.Overruled,
            decision.Repeated ? new("判定し直しても同じ", Tone.Ok, Shape.Accepted) : new("判定し直すと変わる", Tone.Warn, Shape.Again),
            decision.RuleVersion == decision.PresentVersion ? $"判定の規則 {decision.RuleVersion}（現在と同じ）" : $"判定の規則 {decision.RuleVersion}（現在は {decision.PresentVersion}。違いは規則の変更によることがあります）",
            decision.Differences,
            [.. decision.Verdicts.OrderBy(verdict => verdict.Expert != decision.Chosen).Select(verdict => JudgedView.Of(verdict, verdict.Expert == decision.Chosen))],
            decision.Others.Count == 0 ? null : string.Join("、", decision.Others.OrderByDescending(other => other.Value).Select(other => $"{Reason(other.Key)} {other.Value}人")));
    }

    private static string Reason(string code) => code switch
    {
        "lower" => "点がより低い",
        "inactive" => "登録の終了",
        "term" => "委嘱期間の外",
        "stopped" => "打診の停止",
        "ministry" => "ほかの省の専門家",
        "own_client" => "顧問先・関係先",
        "no_hours" => "勤務日なし",
        "absent" => "不在",
        "region" => "担当地域の外",
        "capacity" => "受け持ちの上限",
        _ => "辞退",
    };
}

/// <summary>One judged expert.</summary>
public sealed record JudgedView(string Name, bool Chosen, int? Score, IReadOnlyList<string> Words)
{
    public static JudgedView Of(Verdict verdict, bool chosen) => new(
        verdict.Name, chosen, verdict.Score,
        verdict.Excluded.Count > 0 ? [.. verdict.Excluded.Select(exclusion => exclusion.Text)] : [.. verdict.Parts.Where(part => part.Points != 0).Select(Part)]);

    private static string Part(ScorePart part) => $"{(part.Points > 0 ? "+" : "−")}{Math.Abs(part.Points)} {(part.Text.Length > 0 ? part.Text : part.Code switch { "topic" => "相談分野", "region" => "担当地域", _ => part.Code })}";
}
