using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Supervision;

/// <summary>担当・滞留状況: who has how much in hand, what waits and what is late. The ministries read the figures without a case behind them.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    // The fullest experts, and in any case all that are over their capacity.
    private const int MostExperts = 50;

    public LoadLinks Links { get; private set; } = null!;

    public CaseLoadView ByExpert { get; private set; } = null!;

    public CaseLoadView ByDistrict { get; private set; } = null!;

    public CaseLoadView ByPrefecture { get; private set; } = null!;

    public WaitingAgesView Ages { get; private set; } = null!;

    public CaseLoadRow Total => ByExpert.Total;

    public IReadOnlyList<FigureView> Figures { get; private set; } = [];

    public IReadOnlyList<ExpertLoadView> Experts { get; private set; } = [];

    /// <summary>Null for those who may not see cases.</summary>
    public IReadOnlyList<OverdueView>? Overdue { get; private set; }

    /// <summary>What has reached the supervisors.</summary>
    public IReadOnlyList<EscalationView> Escalations { get; private set; } = [];

    public bool SeesCases => Actor.Can(Permission.ViewCases);

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.Load);

    /// <summary>How many there are, whoever of them is shown.</summary>
    public ExpertsInLoad AllExperts => ByExpert.Experts!;

    public string Scope => MonthTable.ScopeOf(ByExpert.District);

    /// <param name="experts"><c>all</c> shows every expert.</param>
    public async Task OnGetAsync(string? experts)
    {
        Links = new(Actor);
        ByExpert = await AskAsync(new GetCaseLoad(CaseLoadBy.Expert, Fullest: experts == "all" ? null : MostExperts));
        ByDistrict = await AskAsync(new GetCaseLoad(CaseLoadBy.District));
        ByPrefecture = await AskAsync(new GetCaseLoad(CaseLoadBy.Prefecture));
        Ages = await AskAsync(new ListWaitingAges());
        Experts = LoadWords.Experts(ByExpert.Rows, Links);
        Figures = [.. FiguresOf()];
        if (Actor.Can(Permission.ReassignCase))
        {
            Overdue = await OverdueAsync();
            Escalations = await EscalationView.OfAsync(await AskAsync(new ListEscalations()), clock, HttpContext.RequestAborted);
        }
    }

    private IEnumerable<FigureView> FiguresOf()
    {
        var rural = ByPrefecture.Rows.Where(r => Prefectures.Find(r.Key) is { IsUrban: false }).Sum(r => r.Open);
        yield return new("期限超過", Links.To(Total.Overdue, new(Overdue: true)), "次の期限を過ぎた案件", Total.Overdue > 0 ? Tone.Alert : Tone.Plain, Total.Overdue > 0 ? Shape.Overdue : null);
        yield return new("きょうが期限", Links.To(Total.DueToday, new(DueToday: true)), "きょう中に次の手が要る案件", Total.DueToday > 0 ? Tone.Warn : Tone.Plain, Total.DueToday > 0 ? Shape.Near : null);
        yield return new("専門家待ち", Links.To(Total.Waiting, new(Waiting: true)), Ages.Average is { } days ? $"受付から平均 {days}営業日" : "待っている案件はありません", Tone.Plain);
        yield return new("未完了の案件", Links.To(Total.Open, new(Open: true)), $"うち保留 {Total.OnHold}", Tone.Plain);
        yield return new("合同(両省)", Links.To(Total.Joint, new(Open: true, Side: CaseSide.Both)), $"未完了の {LoadWords.Share(Total.JointShare)}", Tone.Plain);
        yield return new("地方部", Links.To(rural, new(Open: true, Rural: true)), $"未完了の {LoadWords.Share(Total.Open == 0 ? 0 : (double)rural / Total.Open)}", Tone.Plain);
        yield return new("上限を超えた専門家", new(AllExperts.Over, "#load"), $"{AllExperts.Count}人中。空きなし {AllExperts.Full}人", AllExperts.Over > 0 ? Tone.Alert : Tone.Plain, AllExperts.Over > 0 ? Shape.Overdue : null);
    }

    private async Task<IReadOnlyList<OverdueView>> OverdueAsync()
    {
        var views = new List<OverdueView>();
        foreach (var late in await AskAsync(new ListOverdue()))
        {
            views.Add(new(
                QueueRows.LinkTo(late.Id), late.Number, late.Organisation ?? "企業・団体名は未確認", Prefectures.Find(late.PrefectureCode)?.Name,
                await clock.OfAsync(late.Kind, late.Track, late.Due, late.Why, late.District, HttpContext.RequestAborted),
                late.Expert ?? (late.Holder is null ? late.Desk : $"{late.Desk} {late.Holder}"), NextOf(late)));
        }

        return views;
    }

    /// <summary>What a supervisor would do first.</summary>
    private static ActionView? NextOf(OverdueCase late)
    {
        var at = QueueRows.LinkTo(late.Id);
        return late.Kind switch
        {
            DeadlineKind.Acceptance when late.Track is { } track => new("別の専門家に打診し直す", $"{at}/offer?track={track}&instead=true"),
            DeadlineKind.FirstVisit when late.Track is { } track => new("専門家を替える", $"{at}/offer?track={track}&instead=true"),
            DeadlineKind.Assignment when late.Track is { } track => new("専門家に打診する", $"{at}/offer?track={track}"),
            DeadlineKind.Report => new("催促の状況を見る", SupervisionViews.Reports),
            DeadlineKind.FirstResponse => new("案件を開いて応答する", at),
            _ => new("電話する", at),
        };
    }
}
