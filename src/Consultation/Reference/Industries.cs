using System.Collections.Frozen;

namespace Consultation.Reference;

/// <summary>
/// A division of the Japan Standard Industrial Classification (14th revision, 令和5年総務省告示第256号). For some divisions the
/// letter alone decides neither the class of the SME act nor that of 通信利用動向調査: then a code of two or three digits
/// is needed.
/// </summary>
public sealed class Industry
{
    private readonly CodeRule _survey;
    private readonly CodeRule _sme;

    internal Industry(string letter, string name, string surveyRule, string smeRule)
    {
        Letter = letter;
        Name = name;
        _survey = CodeRule.Parse(surveyRule);
        _sme = CodeRule.Parse(smeRule);
    }

    public string Letter { get; }

    public string Name { get; }

    public bool NeedsCodeForSme => !_sme.IsWhole;

    public bool NeedsCodeForSurvey => !_survey.IsWhole;

    /// <summary>Whether the survey covers the division at all; it leaves out 公務.</summary>
    public bool IsInSurvey => !(_survey.IsWhole && _survey.Possible(null)[0] == "EXCLUDED");

    /// <summary>The industry of the survey; null when it is outside the survey or the code does not settle it.</summary>
    public string? SurveyClass(string? code = null) =>
        IsInSurvey && _survey.Possible(code) is [var only] ? only : null;

    /// <summary>The classes of the SME act that the letter and a JSIC code, if known, leave open.</summary>
    public IReadOnlyList<SmeClass> SmeClasses(string? code = null) =>
        [.. _sme.Possible(code).Select(word => word == "NA" ? SmeClass.NotApplicable : Enum.Parse<SmeClass>(word, ignoreCase: true))];

    public override string ToString() => Letter;
}

/// <summary>The 20 divisions A to T.</summary>
public static class Industries
{
    public static IReadOnlyList<Industry> All { get; } =
        [.. CsvText.Embedded("industries.csv").Select(row => new Industry(row[0], row[1], row[2], row[3]))];

    private static readonly FrozenDictionary<string, Industry> s_byLetter = All.ToFrozenDictionary(industry => industry.Letter);
    private static readonly FrozenDictionary<string, Industry> s_byName = Names().ToFrozenDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>
    /// By letter, of any width and case, or by name with whatever separators (卸売・小売業 for 卸売業，小売業; 分類なし for T);
    /// null when there is none.
    /// </summary>
    public static Industry? Find(string? letterOrName)
    {
        if (string.IsNullOrWhiteSpace(letterOrName))
        {
            return null;
        }

        var letter = JapaneseText.Fold(letterOrName).Trim().ToUpperInvariant();
        return s_byLetter.GetValueOrDefault(letter) ?? s_byName.GetValueOrDefault(NameKey(letterOrName));
    }

    private static IEnumerable<KeyValuePair<string, Industry>> Names() =>
        All.Select(industry => KeyValuePair.Create(NameKey(industry.Name), industry))
            .Append(KeyValuePair.Create(NameKey("分類なし"), s_byLetter["T"]));

    // Lists differ in separators, in whether 業 is repeated, and in the remark in brackets.
    private static string NameKey(string name)
    {
        var folded = JapaneseText.Fold(name);
        var bracket = folded.IndexOf('(');
        return string.Concat((bracket > 0 ? folded[..bracket] : folded).Where(c => c is not (',' or '、' or '・' or '業') && !char.IsWhiteSpace(c)));
    }
}
