using System.Collections.Frozen;

namespace Consultation.Reference;

/// <summary>
/// The district of one of the 11 regional bureaus (総合通信局管内), which is also that of a regional desk. Not the survey's
/// regions: those cut the country differently (domain §9.2).
/// </summary>
public sealed record District(string Slug, string Name);

/// <summary>
/// A prefecture: JIS X 0401 code of two digits, names, its district, the region of 通信利用動向調査, and whether that
/// survey counts it as 都市部 (南関東・近畿・東海).
/// </summary>
public sealed record Prefecture(
    string Code, string Name, string Kana, string NameEn, District District, string SurveyRegion, bool IsUrban);

/// <summary>The 11 districts, from north to south as their first prefectures stand.</summary>
public static class Districts
{
    public static IReadOnlyList<District> All { get; } =
        [.. CsvText.Embedded("prefectures.csv").Select(row => new District(row[5], row[4])).Distinct()];

    private static readonly FrozenDictionary<string, District> s_bySlug = All.ToFrozenDictionary(district => district.Slug);

    public static District? Find(string? slug) => slug is null ? null : s_bySlug.GetValueOrDefault(slug);
}

/// <summary>The 47 prefectures in the order of their codes.</summary>
public static class Prefectures
{
    public static IReadOnlyList<Prefecture> All { get; } =
        [.. CsvText.Embedded("prefectures.csv").Select(row =>
            new Prefecture(row[0], row[1], row[2], row[3], Districts.Find(row[5])!, row[6], row[7] == "true"))];

    private static readonly FrozenDictionary<string, Prefecture> s_byKey = Keys().ToFrozenDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>
    /// By JIS code (3 and 03, also full width), Japanese name with or without 都府県, reading or English name; null when
    /// there is none. Never by postal code: one code can span prefectures.
    /// </summary>
    public static Prefecture? Find(string? codeOrName) =>
        string.IsNullOrWhiteSpace(codeOrName) ? null
        // What is stored is a key as it stands.
        : s_byKey.TryGetValue(codeOrName, out var stored) ? stored : s_byKey.GetValueOrDefault(JapaneseText.Fold(codeOrName).Trim());

    private static IEnumerable<KeyValuePair<string, Prefecture>> Keys() =>
        from prefecture in All
        from key in new[]
        {
            prefecture.Code, prefecture.Code.TrimStart('0'), prefecture.Name, ShortName(prefecture.Name), prefecture.Kana, prefecture.NameEn,
        }.Select(JapaneseText.Fold).Distinct()
        select KeyValuePair.Create(key, prefecture);

    private static string ShortName(string name) => name == "北海道" ? name : name[..^1];
}
