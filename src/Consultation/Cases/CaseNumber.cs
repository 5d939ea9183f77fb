using System.Globalization;
using System.Text.RegularExpressions;
using Consultation.Persistence;
using Consultation.Reference;

namespace Consultation.Cases;

/// <summary>The case number <c>R08-000123</c>; people also say 「8の123」.</summary>
public static partial class CaseNumber
{
    /// <summary>The next number of the year of receipt. A sequence, so gaps occur: a counter row would cost two thirds of the throughput.</summary>
    internal static IReadOnlyList<string> Next(RoundTrip trip, FiscalYear year) =>
        trip.Rows($"select next_case_sequence({year.Year})", r => string.Create(CultureInfo.InvariantCulture, $"{year.EraCode}-{r.Value<long>():D6}"));

    /// <summary>The number meant by what somebody typed, or null where it is none: R08-000123, r8-123, R08 123, 8の123, 令和8年度の123.</summary>
    public static string? Read(string typed)
    {
        var folded = JapaneseText.Fold(typed).Trim();
        // Read off a screen or taken down by ear, letters slip in for digits: RO8-OO0123.
        var heard = folded.Length > 1 && folded[0] is 'r' or 'h' ? folded[0] + folded[1..].Replace('o', '0').Replace('l', '1').Replace('i', '1') : folded;
        var match = Spoken().Match(heard);
        return match.Success
            ? string.Create(CultureInfo.InvariantCulture, $"{(match.Groups[1].Value is "h" or "平成" ? 'H' : 'R')}{int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture):D2}-{long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture):D6}")
            : null;
    }

    // The text is folded first: hiragana の is katakana ノ there.
    [GeneratedRegex(@"^\s*(r|h|令和|平成)?\s*(\d{1,2})(?:(?:年度?)?\s*[-ノー‐–—−_/.・]\s*|(?<=[rh]\d{1,2})\s+|(?<=[rh]\d\d)(?=\d{6}\s*$))(\d{1,9})(?:番|号)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Spoken();
}
