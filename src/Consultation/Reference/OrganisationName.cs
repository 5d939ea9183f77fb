namespace Consultation.Reference;

/// <summary>Names of organisations made comparable (domain §10.6).</summary>
public static class OrganisationName
{
    private static readonly string[] s_companies = LongestFirst(
        "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "特定目的会社",
        "(株)", "(有)", "(同)", "(合)", "(資)", "(名)", "(カ)", "(ユ)", "(ド)",
        "カブシキガイシャ", "カブシキカイシャ", "ユウゲンガイシャ", "ユウゲンカイシャ", "ゴウドウガイシャ", "ゴウドウカイシャ");

    private static readonly string[] s_others = LongestFirst(
        "医療法人", "医療法人社団", "医療法人財団", "社会医療法人", "社会医療法人社団", "社会医療法人財団", "特定医療法人", "社会福祉法人",
        "学校法人", "準学校法人", "宗教法人", "更生保護法人", "職業訓練法人", "監査法人", "税理士法人", "弁護士法人", "弁理士法人",
        "司法書士法人", "行政書士法人", "社会保険労務士法人", "土地家屋調査士法人", "特許業務法人", "農事組合法人", "管理組合法人",
        "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "特例社団法人", "特例財団法人", "社団法人", "財団法人",
        "特定非営利活動法人", "認定特定非営利活動法人", "NPO法人", "認定NPO法人", "独立行政法人", "地方独立行政法人",
        "国立研究開発法人", "国立大学法人", "公立大学法人", "大学共同利用機関法人", "相互会社", "投資法人", "有限責任事業組合",
        "(医)", "(医社)", "(医財)", "(社医)", "(社)", "(財)", "(一社)", "(一財)", "(公社)", "(公財)", "(学)", "(福)", "(社福)", "(宗)",
        "(特非)", "(NPO)", "(独)", "(地独)", "(監)", "(税)", "(弁)", "(相)");

    // The abbreviations of bank transfers, and the English forms, stand at one end only: テスト(サンド) is no 合同会社.
    private static readonly string[] s_companiesAtStart = LongestFirst("カ)", "ユ)", "ド)");

    private static readonly string[] s_companiesAtEnd = LongestFirst(
        "(カ", "(ユ", "(ド", ",Inc.", ",Inc", "Inc.", "Co.,Ltd.", "Co.,Ltd", "Co.Ltd.", "Co.Ltd", "Corp.", ",Ltd.", "Ltd.", "K.K.", "G.K.", "LLC");

    private static readonly string[] s_bodiesAtEnd = LongestFirst("組合", "連合会", "協議会", "商工会", "商工会議所", "市役所", "区役所", "町役場", "村役場", "県庁");

    private static readonly string[] s_start = LongestFirst([.. s_companies, .. s_others, .. s_companiesAtStart]);

    private static readonly string[] s_end = LongestFirst([.. s_companies, .. s_others, .. s_companiesAtEnd]);

    /// <summary>
    /// A key for finding the same organisation again: folded (<see cref="JapaneseText.Fold"/>), the legal form dropped at
    /// either end, no spaces or separators. For comparing only. A name that is nothing but a legal form keeps it; empty
    /// for an empty name.
    /// </summary>
    public static string Key(string name)
    {
        var key = Bare(name);
        while (key.Length > 0)
        {
            var start = LegalForm(s_start, key, atStart: true);
            var end = start is null ? LegalForm(s_end, key, atStart: false) : null;
            if (start is null && end is null)
            {
                break;
            }

            key = start is not null ? key[start.Length..] : key[..^end!.Length];
        }

        return key;
    }

    /// <summary>
    /// What the name tells about the body for <see cref="SmeRules"/>; null when it tells nothing. A company is known by its
    /// legal form, a body outside the act by its form or by an ending such as 組合 or 市役所.
    /// </summary>
    public static BusinessForm? FormOf(string name)
    {
        var bare = Bare(name);
        if (Any(s_others, s_others) || LegalForm(s_bodiesAtEnd, bare, atStart: false) is not null)
        {
            return BusinessForm.NotABusiness;
        }

        return Any([.. s_companies, .. s_companiesAtStart], [.. s_companies, .. s_companiesAtEnd]) ? BusinessForm.Company : null;

        bool Any(string[] starts, string[] ends) => LegalForm(starts, bare, atStart: true) is not null || LegalForm(ends, bare, atStart: false) is not null;
    }

    private static string Bare(string name) => string.Concat(JapaneseText.Fold(name).Where(c => !IsSeparator(c)));

    private static string? LegalForm(string[] forms, string name, bool atStart) =>
        Array.Find(forms, form => name.Length > form.Length
            && (atStart ? name.StartsWith(form, StringComparison.Ordinal) : name.EndsWith(form, StringComparison.Ordinal)));

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '・' or '-' or '\'' or '’';

    // Longest first, so that 一般社団法人 does not leave 一般 behind; folded as the names are.
    private static string[] LongestFirst(params string[] forms) =>
        [.. forms.Select(form => Bare(form)).Distinct().OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];
}
