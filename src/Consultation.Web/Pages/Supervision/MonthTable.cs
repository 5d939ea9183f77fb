using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Reference;
using Consultation.Web.Pages.Desk;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Supervision;

/// <summary>One table of the month; the first cell of a row is its head, a row called 合計 stands at the end.</summary>
public sealed record MonthSection(string Title, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, string? Note = null);

/// <summary>The month's figures in words, the same on the page and on the command line.</summary>
public static class MonthTable
{
    public const string Total = "合計";

    public static string Name(DateOnly month) => $"{month.Year}年{month.Month}月";

    public static string Title(MonthReport report) =>
        $"月次報告 {Name(report.Month)}（{FiscalYear.Of(report.Month).Label}、{ScopeOf(report.District)}） {JapaneseDate.LongTime(report.AsOf)} 現在";

    public static string ScopeOf(string? district) => district is null ? "全国" : Districts.Find(district)?.Name ?? "全国窓口";

    public static IReadOnlyList<MonthSection> Of(MonthReport report) =>
    [
        Inquiries(report.Inquiries),
        Visits(report),
        Quota(report.Visits),
        Experts(report),
        Counts("相談の方法", "方法", report.Modes, mode => CaseWords.Of(mode)),
        Counts("新規に受け付けた案件の受付手段", "手段", report.Inquiries.Channels, channel => CaseWords.Of(channel)),
        Counts("完了した案件の結果", "結果", report.Outcomes, outcome => CaseWords.Of(outcome)),
        Surveys(report.Surveys),
        Statuses(report.Statuses),
        Counts("案件にしない問合せ", "種類", report.Tallies, kind => HomeChoices.TallyKinds.FirstOrDefault(choice => choice.Value == kind.ToString())?.Text ?? kind.ToString()),
    ];

    private static MonthSection Inquiries(MonthInquiries told) => new("問合せと対応", ["区分", "件数"],
    [
        ["延べ(対応記録のすべて)", $"{told.Contacts}"], ["うち相談者から", $"{told.Incoming}"], ["うち不在", $"{told.NoAnswer}"],
        ["実(対応した案件。同じ案件は1件)", $"{told.Cases}"], ["新規に受け付けた案件", $"{told.NewCases}"],
    ]);

    private static MonthSection Visits(MonthReport report) => new("実施した相談と報告", ["省", "実施", "分", "報告あり", "未提出", "うち終了", "提出待ち", "謝金対象の分", "移動km"],
    [
        .. report.Ministries.Select(m => (IReadOnlyList<string>)[CaseWords.Of(m.Track), .. Numbers(m.Visits, m.Minutes, m.Filed, m.NotFiled + m.Overdue, m.NotFiled, m.Owed - m.Overdue, m.FeeMinutes, m.TravelKm)]),
        [Total, .. Numbers(
            report.Visits.TookPlace, report.Visits.Minutes, report.Ministries.Sum(m => m.Filed), report.Ministries.Sum(m => m.NotFiled + m.Overdue), report.Ministries.Sum(m => m.NotFiled),
            report.Ministries.Sum(m => m.Owed - m.Overdue), report.Ministries.Sum(m => m.FeeMinutes), report.Ministries.Sum(m => m.TravelKm))],
    ], $"両省が同席した相談 {report.Visits.Joint}回は、各省に1回ずつ、合計では1回と数えています。報告は省ごとに1件です。未提出は、未提出のまま終えたものと期限を過ぎたものです。先方不在 {report.Visits.NoShow}回は実施に入れません。謝金対象の分と移動kmは、報告に書かれた事実の合計です。");

    private static MonthSection Quota(MonthVisits visits) => new("利用可能回数の例外", ["区分", "回数"],
    [
        ["業務責任者の承認で上限を超えて予約した相談", $"{visits.BeyondQuota}"],
        ["取消し・先方不在だが、取扱いにより数えた相談", $"{visits.KeptByRule}"],
        ["実施したが、回数に数えない相談", $"{visits.NotCounted}"],
    ], "相談の日の月に数えます。理由は案件の経過と台帳にあります。");

    private static MonthSection Experts(MonthReport report) => new("専門家と省ごとの時間", ["専門家", "省", "実施", "分", "未提出で終了", "まだ届いていない", "謝金対象の分", "移動km"],
        [.. report.Experts.Select(e => (IReadOnlyList<string>)[e.Name, CaseWords.Of(e.Track), .. Numbers(e.Visits, e.Minutes, e.NotFiled, e.Owed, e.FeeMinutes, e.TravelKm)])]);

    private static MonthSection Surveys(MonthSurveys told) => new("満足度アンケート", ["区分", "件数", "割合(%)"],
    [
        ["この月に送った数", $"{told.Sent}", "—"],
        ["回答した数", $"{told.Answered}", Share(told.Answered, told.Sent)],
        ["満足(満足・やや満足)", $"{told.Satisfied}", Share(told.Satisfied, told.Answered)],
        ["問い合わせの目的が達成できた", $"{told.Achieved}", Share(told.Achieved, told.Answered)],
        ["テレワークの導入を積極的に検討する", $"{told.Actively}", Share(told.Actively, told.Answered)],
    ], "満足・目的達成・積極的に検討の割合は、回答した数で割っています(案件の数では割りません)。回答した数の割合は、送った数で割った回答率です。");

    private static MonthSection Statuses(IReadOnlyList<MonthStatus> told) => new("支援を完了した案件の導入状況", ["支援前 → 支援後", "件数"],
    [
        .. told.Select(s => (IReadOnlyList<string>)[$"{CaseWords.Of(s.Before)} → {CaseWords.Of(s.After)}", $"{s.Count}"]),
        [Total, $"{told.Sum(s => s.Count)}"],
    ]);

    private static string Share(int part, int whole) => MonthSurveys.Percent(part, whole) is { } percent ? $"{percent:0.0}" : "—";

    private static MonthSection Counts<TCode>(string title, string head, IReadOnlyList<MonthCount<TCode>> counts, Func<TCode, string> word) where TCode : struct, Enum =>
        new(title, [head, "件数"], [.. counts.Select(c => (IReadOnlyList<string>)[word(c.Code), $"{c.Count}"]), [Total, $"{counts.Sum(c => c.Count)}"]]);

    private static IEnumerable<string> Numbers(params int[] figures) => figures.Select(figure => $"{figure:#,0}");
}
