using Consultation.Messaging;

namespace Consultation.Web.Pages.Settings;

/// <summary>One line of the settings' home: what can be set there, and who may open it.</summary>
public sealed record Setting(string Group, string Name, string Line, string Path, Permission Needs);

/// <summary>Everything that can be set, in the order of the page. A page of settings is found here or not at all.</summary>
public static class SettingsList
{
    private const string People = "人と窓口";
    private const string Work = "業務の決まり";
    private const string Running = "運用";

    public static readonly IReadOnlyList<Setting> All =
    [
        new(People, "利用者", "利用者の登録、役割と所属の変更、利用停止、一時パスワードの発行", "/settings/people", Permission.Administer),
        new(People, "アクセストークン", "APIで連携するシステムの鍵。発行と失効", "/settings/tokens", Permission.Administer),
        new(People, "窓口", "名称、受付時間、昼休み、受付期間、相談者へメールを送る時間", "/settings/desks", Permission.Administer),
        new(Work, "振り分け基準", "相談の言葉から担当の省と分野を提案する基準と、標準の回答。試してから版として保存", "/settings/rules", Permission.Administer),
        new(Work, "事業年度・利用可能回数", "年度の日付、無料相談の回数、期限の日数、フォローアップ", "/settings/programmes", Permission.Administer),
        new(Work, "受付日・休業日", "祝日の表と年末年始、臨時休業・臨時開所・時間変更。動く期限を確かめてから反映", "/settings/calendar", Permission.Administer),
        new(Work, "文面", "送るメールの言葉を下書きで直し、確かめて版として公開。標準の回答", "/settings/templates", Permission.Administer),
        new(Running, "自動処理", "予定と結果、たまっている件数、遅れと失敗、いますぐ実行", "/settings/work", Permission.Administer),
        new(Running, "メールの送信状況", "届かなかったメールの再送と取りやめ、送信の停止と再開、速さの上限", "/settings/mail", Permission.Administer),
    ];

    public static IEnumerable<IGrouping<string, Setting>> Of(Actor actor) => All.Where(one => actor.Can(one.Needs)).GroupBy(one => one.Group);
}
