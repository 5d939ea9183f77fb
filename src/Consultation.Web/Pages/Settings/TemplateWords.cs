using System.Text.RegularExpressions;
using Consultation.Mail;

namespace Consultation.Web.Pages.Settings;

/// <summary>What people call a mail, when it goes out, and plainly invented values for its gaps.</summary>
public static partial class TemplateWords
{
    private static readonly Dictionary<string, (string Name, string Event)> Known = new()
    {
        ["visit-confirmed"] = ("相談日のお知らせ", "予約が確定したとき、相談者と専門家へ"),
        ["visit-moved"] = ("日程・方法の変更のお知らせ", "確定した予約の日時・方法・場所が変わったとき、相談者と専門家へ"),
        ["visit-cancelled"] = ("相談中止のお知らせ", "予約を取り消したとき、相談者と専門家へ"),
        ["visit-reminder"] = ("相談日が近づいたお知らせ", "相談日の前の受付日に、相談者と専門家へ"),
        ["offer-withdrawn"] = ("打診の取消しのお知らせ", "打診を取り消したとき、読んだかもしれない専門家へ"),
        ["report-dictated"] = ("聞き取った報告の確認のお願い", "窓口が聞き取った報告を記録したとき、担当の専門家へ"),
        ["slot-offered"] = ("空きのご案内", "空き待ちの相談者に合う日時が空いたとき、その相談者へ"),
        ["offer-made"] = ("担当のお願い", "専門家に打診したとき、その専門家へ"),
        ["visit-late"] = ("専門家が遅れるお知らせ", "専門家が当日の遅れを知らせたとき、相談者へ"),
        ["inquiry-received"] = ("受付のお知らせ", "相談を受け付けたとき、相談者へ"),
        ["standard-answer"] = ("標準の回答のご案内", "窓口が標準の回答を送るとき、相談者へ"),
        ["report-late"] = ("実施報告のお願い", "報告の期限を過ぎたとき、担当の専門家へ"),
        ["expert-substituted"] = ("担当専門家の変更のお知らせ", "専門家の不在の引継ぎを承認したとき・元へ戻したとき、相談者と、同じ相談に行く専門家へ"),
        ["hand-over-list"] = ("担当の引継ぎのお知らせ", "専門家の不在の引継ぎを承認したとき・元へ戻したとき、引き継ぐ専門家へ"),
        ["visit-survey"] = ("満足度アンケートのお願い", "相談の実施を記録した次の受付日に、相談者へ"),
        ["disaster-changed"] = ("災害による予定の変更のお知らせ", "災害時の訪問の切替えをしたとき・元へ戻したとき、相談者と専門家へ"),
        ["mail-digest"] = ("お知らせのまとめ", "まとめて受け取ることを選んだ専門家へ、受付日の朝に"),
        ["follow-up-due"] = ("その後の状況のおたずね", "フォローアップの期日に、相談者へ"),
        ["follow-up-again"] = ("その後の状況の再度のおたずね", "フォローアップに返事がないとき、事業年度の設定の回数まで、相談者へ"),
    };

    public static readonly IReadOnlyDictionary<string, string> Examples = new Dictionary<string, string>
    {
        ["to"] = "株式会社見本すみれ 見本 太郎",
        ["number"] = "R08-000000",
        ["organisation"] = "株式会社見本すみれ",
        ["ordinal"] = "第1回",
        ["stage"] = "現状把握",
        ["period"] = "令和8年12月1日（火）14:00〜15:00",
        ["before"] = "令和8年11月30日（月）10:00〜11:00",
        ["mode"] = "Web会議",
        ["place"] = "（接続先は別にご案内します）",
        ["experts"] = "見本専門家",
        ["expert"] = "見本専門家",
        ["left"] = "2回",
        ["limit"] = "3回",
        ["by"] = "相談者のご都合",
        ["desk"] = "見本地域窓口",
        ["surveyLink"] = "https://desk.example/survey/（相談ごとに異なります）",
        ["until"] = "令和9年1月4日（月）",
        ["visited"] = "令和8年11月2日",
        ["months"] = "1か月",
        ["ministry"] = "総務省",
        ["prefecture"] = "見本県",
        ["topics"] = "テレワークのセキュリティ",
        ["respondBy"] = "令和8年12月3日（木）17:00",
        ["why"] = "12月1日(火) → 2営業日 → 12月3日(木)",
        ["today"] = "令和8年11月24日",
        ["received"] = "令和8年11月24日 9:20",
        ["heldUntil"] = "令和8年12月2日(水) 17:00",
        ["due"] = "令和8年12月8日",
        ["source"] = "電話で聞き取り",
        ["minutes"] = "20",
        ["reason"] = "台風",
        ["after"] = "　第1回 令和8年12月1日(火) 14:00〜15:00 Web会議（接続先は担当の専門家からお知らせします）",
        ["link"] = "\n\n次のページから、予定の確認・日時の変更・取消しができます（相談が終わるまで）。\nhttps://desk.example/visit/（相談者ごとに異なります）",
        ["afterwards"] = "あらためて日程をご相談ください。",
        ["title"] = "受付時間",
        ["text"] = "受付は平日の9時から17時までです。",
        ["words"] = "お電話でお話しした件です。\n\n",
        ["visits"] = "　令和8年12月1日（火）14:00〜15:00 第1回（Web会議） 予定どおり行います",
        ["count"] = "1",
        ["what"] = "ご了解いただいた次の案件の担当を引き継いでいただきます。",
        ["list"] = "・R08-000000 見本県 総務省",
        ["enclosures"] = "・見本の資料（見本の発行者）",
    };

    public static bool IsKnown(string? template) => template is not null && MailTemplate.Names.Contains(template);

    /// <summary>第2版; the product's own words have no number.</summary>
    public static string VersionOf(int? version) => version switch { null => "不明", 0 => "はじめの文面", _ => $"第{version}版" };

    /// <summary>How a gap may be used.</summary>
    public static string RuleOf(MailGap gap) => string.Join('・', new[]
    {
        gap.Needed ? "必ず入れる" : "入れなくてもよい",
        gap.MayBeEmpty ? "空のことがある" : null,
        gap.InSubject ? null : "件名には使えない",
    }.Where(word => word is not null));

    public static string NameOf(string template) => Known.TryGetValue(template, out var known) ? known.Name : $"そのほかのお知らせ（{template}）";

    public static string EventOf(string template) => Known.TryGetValue(template, out var known) ? known.Event : "業務の途中で自動的に送ります";

    /// <summary>The text in stretches, its gaps by themselves.</summary>
    public static IEnumerable<(string Text, bool IsGap)> Parts(string text) =>
        Gap().Split(text).Where(part => part.Length > 0).Select(part => (part, part.StartsWith("{{", StringComparison.Ordinal)));

    [GeneratedRegex(@"(\{\{[^{}]+\}\})")]
    private static partial Regex Gap();
}
