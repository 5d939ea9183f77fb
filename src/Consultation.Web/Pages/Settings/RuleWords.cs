using System.Globalization;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;

namespace Consultation.Web.Pages.Settings;

/// <summary>One subject of the 振り分け基準 – a topic or a matter – with its groups of phrases, heaviest first.</summary>
public sealed record RuleSubject(string Key, string Name, Lead Lead, IReadOnlyList<Rule> Groups)
{
    public bool IsMatter => Key.StartsWith(RuleWords.MatterMark, StringComparison.Ordinal);

    public int Phrases => Groups.Sum(group => group.Phrases.Count);

    public string Link => $"/settings/rules/topic?code={Uri.EscapeDataString(Key)}";
}

/// <summary>The rule base in the words and the order of the pages.</summary>
public static class RuleWords
{
    public const string MatterMark = "matter:";

    private static readonly Dictionary<string, string> Matters = new()
    {
        ["hours"] = "受付時間の問合せ", ["fee"] = "料金の問合せ", ["apply"] = "申込みの方法", ["material"] = "資料・事例の請求", ["privacy"] = "個人情報の扱い", ["seminar"] = "セミナーの案内",
        ["change"] = "予約の変更・進み具合", ["sales"] = "営業・提携の提案", ["press"] = "取材", ["study"] = "学生・研究の調査", ["individual"] = "働く方個人からの相談", ["job"] = "仕事探し",
        ["wrong"] = "間違い電話", ["note"] = "用件の分からない電話", ["thanks"] = "お礼", ["complaint"] = "苦情", ["award"] = "表彰", ["gekkan"] = "テレワーク月間", ["incident"] = "情報セキュリティの被害", ["business"] = "経営の相談",
        ["workstyle"] = "働き方改革の相談", ["inspection"] = "労働基準監督署の調査", ["town"] = "自治体・地域づくり", ["prefdesk"] = "都道府県の窓口", ["answers"] = "標準の回答", ["chusho"] = "中小企業の専門家派遣",
    };

    /// <summary>The topics in the order of the catalogue, then the matters.</summary>
    public static IReadOnlyList<RuleSubject> Subjects(RuleBase rules) =>
    [
        .. rules.Rules.GroupBy(KeyOf)
            .Select(group => new RuleSubject(group.Key, NameOf(group.Key), LeadOf(group.First()), [.. group.OrderByDescending(rule => rule.Weight)]))
            .OrderBy(subject => Place(subject.Key)).ThenBy(subject => subject.Lead.Name, StringComparer.Ordinal).ThenBy(subject => subject.Name, StringComparer.Ordinal),
    ];

    /// <summary>What a group weighs, in a word: it counts alone, or only together with another.</summary>
    public static string WeightOf(RuleBase rules, Rule rule)
    {
        // What the desk itself answers is never doubted for its weight.
        var alone = TopicCatalogue.Find(rule.Topic)?.Lead is TopicLead.Desk ? rules.Floor : Math.Max(rules.Floor, rules.Margin);
        var counts = rule.Weight >= rules.Threshold ? "1語で決まる"
            : rule.Weight >= alone ? "ほかに手がかりがないときか、2語以上で決まる"
            : rule.Weight >= rules.Floor ? "2語以上で決まる"
            : "重ねて決まる";
        return $"重み {Number(rule.Weight)}（{counts}）";
    }

    public static Choice ChoiceOf(Rule rule) => new(rule.Code, $"重み {Number(rule.Weight)}・組「{rule.Code}」（{rule.Phrases.Count}語句）");

    public static string Number(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    public static string WhereOf(RuleChange change) => change.Where.Length == 0 ? "全体" : NameOf(TopicCatalogue.Find(change.Where) is null ? MatterMark + change.Where : change.Where);

    private static string KeyOf(Rule rule) => rule.Matter is { Length: > 0 } matter ? MatterMark + matter : rule.Topic ?? rule.Code;

    private static string NameOf(string key)
    {
        var matter = key.StartsWith(MatterMark, StringComparison.Ordinal) ? key[MatterMark.Length..] : null;
        return matter is null ? TopicCatalogue.Find(key)?.NameJa ?? key : Matters.GetValueOrDefault(matter, matter);
    }

    private static Lead LeadOf(Rule rule) => TopicCatalogue.Find(rule.Topic) is { } topic ? CaseSigns.Of(topic.Lead) : Lead.Referral;

    private static int Place(string key) => TopicCatalogue.All.Select((topic, index) => (topic.Code, index)).Where(topic => topic.Code == key).Select(topic => topic.index).DefaultIfEmpty(int.MaxValue).First();
}
