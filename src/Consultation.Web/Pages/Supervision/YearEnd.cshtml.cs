using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Consultation.YearEnd;

namespace Consultation.Web.Pages.Supervision;

/// <summary>引継ぎ一覧: what lies beyond the programme year's dates or an expert's term (journey J62).</summary>
public sealed class YearEndModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public Beyond Beyond { get; private set; } = null!;

    public DateTimeOffset Now => clock.Now;

    public IReadOnlyList<SavedView> Views => SupervisionViews.Of(Actor, SupervisionViews.YearEnd);

    public static string What(BeyondLine line) => line.Kind switch
    {
        BeyondKind.FollowUp => FollowUpWords.Of(EnumText.Parse<FollowUpKind>(line.What)),
        BeyondKind.Visit or BeyondKind.ExpertsTerm => $"第{line.What}回の相談",
        BeyondKind.HoldersTerm => $"担当（{CaseWords.Of(EnumText.Parse<Track>(line.What))}）",
        _ => "折り返しの約束",
    };

    public static string Why(BeyondLine line) => line.Kind switch
    {
        BeyondKind.FollowUp or BeyondKind.Promise => "契約終了日より後",
        BeyondKind.Visit => "最終実施日より後",
        BeyondKind.ExpertsTerm => "専門家の委嘱期間より後",
        _ => "専門家の委嘱期間が終了",
    };

    public static string Next(BeyondKind kind) => kind switch
    {
        BeyondKind.FollowUp => "引継ぎのファイルに入ります",
        BeyondKind.Promise => "早めに電話する",
        BeyondKind.HoldersTerm => "担当を変える",
        _ => "日程を変えるか、取り消す",
    };

    public async Task OnGetAsync() => Beyond = await AskAsync(new ListBeyond());
}
