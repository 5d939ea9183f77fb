namespace Consultation.Reference;

/// <summary>Names of organisations made comparable (domain §10.6).</summary>
public static class OrganisationName
{
    private static readonly string[] s_atEitherEnd = LongestFirst(
        "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社", "特定目的会社", "有限責任事業組合", "投資法人",
        "社会福祉法人", "医療法人", "医療法人社団", "医療法人財団", "社会医療法人", "特定医療法人", "社会医療法人社団", "社会医療法人財団",
        "学校法人", "準学校法人", "宗教法人", "更生保護法人", "職業訓練法人", "監査法人", "税理士法人", "弁護士法人", "司法書士法人",
        "行政書士法人", "社会保険労務士法人", "特許業務法人", "弁理士法人", "土地家屋調査士法人",
        "一般社団法人", "一般財団法人", "公益社団法人", "公益財団法人", "社団法人", "財団法人", "特例社団法人", "特例財団法人",
        "特定非営利活動法人", "認定特定非営利活動法人", "NPO法人", "認定NPO法人", "農事組合法人", "管理組合法人",
        "独立行政法人", "地方独立行政法人", "国立研究開発法人", "国立大学法人", "公立大学法人", "大学共同利用機関法人",
        "(株)", "(有)", "(同)", "(合)", "(資)", "(名)", "(相)", "(医)", "(医社)", "(医財)", "(社医)", "(社)", "(財)", "(一社)", "(一財)", "(公社)",
        "(公財)", "(学)", "(福)", "(社福)", "(宗)", "(特非)", "(NPO)", "(独)", "(地独)", "(監)", "(税)", "(弁)",
        "カブシキガイシャ", "カブシキカイシャ", "ユウゲンガイシャ", "ユウゲンカイシャ", "ゴウドウガイシャ", "ゴウドウカイシャ",
        "(カ)", "(ユ)", "(ド)");

    // The abbreviations of bank transfers, and the English forms, stand at one end only: テスト(サンド) is no 合同会社.
    private static readonly string[] s_atStart = LongestFirst("カ)", "ユ)", "ド)");

    private static readonly string[] s_atEnd = LongestFirst(
        "(カ", "(ユ", "(ド", ",Inc.", ",Inc", "Inc.", "Co.,Ltd.", "Co.,Ltd", "Co.Ltd.", "Co.Ltd", "Corp.", ",Ltd.", "Ltd.", "K.K.", "G.K.", "LLC");

    /// <summary>
    /// A key for finding the same organisation again: folded (<see cref="JapaneseText.Fold"/>), the legal form dropped at
    /// either end, no spaces or separators. For comparing only. A name that is nothing but a legal form keeps it; empty
    /// for an empty name.
    /// </summary>
    public static string Key(string name)
    {
        var key = string.Concat(JapaneseText.Fold(name).Where(c => !IsSeparator(c)));
        while (WithoutLegalForm(key) is { } rest)
        {
            key = rest;
        }

        return key;
    }

    /// <summary>The name without one legal form; null when there is none left or nothing would remain.</summary>
    private static string? WithoutLegalForm(string name)
    {
        var start = s_atEitherEnd.Concat(s_atStart).FirstOrDefault(form => name.Length > form.Length && name.StartsWith(form, StringComparison.Ordinal));
        if (start is not null)
        {
            return name[start.Length..];
        }

        var end = s_atEitherEnd.Concat(s_atEnd).FirstOrDefault(form => name.Length > form.Length && name.EndsWith(form, StringComparison.Ordinal));
        return end is null ? null : name[..^end.Length];
    }

    private static bool IsSeparator(char c) => char.IsWhiteSpace(c) || c is '・' or '-' or '\'' or '’';

    // Longest first, so that 一般社団法人 does not leave 一般 behind; folded as the names are.
    private static string[] LongestFirst(params string[] forms) =>
        [.. forms.Select(JapaneseText.Fold).Distinct().OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)];
}
