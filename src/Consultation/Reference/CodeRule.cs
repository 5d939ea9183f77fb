namespace Consultation.Reference;

/// <summary>
/// The grammar of industries.csv: a bare word holds for the whole division; <c>X=693+70;Y=*</c> gives words by JSIC codes
/// of two or three digits, the longer first, <c>*</c> standing for the rest (domain §9.4).
/// </summary>
internal sealed class CodeRule
{
    private readonly (string Word, string Code)[] _entries;
    private readonly string? _rest;
    private readonly string[] _words;

    private CodeRule((string Word, string Code)[] entries, string? rest, string[] words)
    {
        _entries = entries;
        _rest = rest;
        _words = words;
    }

    public bool IsWhole => _entries.Length == 0;

    public static CodeRule Parse(string text)
    {
        if (!text.Contains('='))
        {
            return new CodeRule([], text, [text]);
        }

        var entries = new List<(string Word, string Code)>();
        string? rest = null;
        foreach (var part in text.Split(';'))
        {
            var (word, codes) = part.Split('=') is [var left, var right]
                ? (left, right)
                : throw new FormatException($"Not a rule: {part}");
            if (codes == "*")
            {
                rest = word;
            }
            else
            {
                entries.AddRange(codes.Split('+').Select(code => (word, code)));
            }
        }

        var words = entries.Select(entry => entry.Word).Append(rest).OfType<string>().Distinct().ToArray();
        return new CodeRule([.. entries.OrderByDescending(entry => entry.Code.Length)], rest, words);
    }

    /// <summary>
    /// The words that remain possible: all without a code, one when the code settles it, several when the code is shorter
    /// than the rule asks (69 where 693 differs), all again for a code the rule does not know.
    /// </summary>
    public IReadOnlyList<string> Possible(string? code)
    {
        if (IsWhole || string.IsNullOrWhiteSpace(code))
        {
            return _words;
        }

        var asked = JapaneseText.Fold(code).Trim();
        foreach (var entry in _entries)
        {
            if (asked.StartsWith(entry.Code, StringComparison.Ordinal))
            {
                return [entry.Word];
            }
        }

        var within = _entries.Where(entry => entry.Code.StartsWith(asked, StringComparison.Ordinal)).Select(entry => entry.Word).ToArray();
        if (within.Length > 0)
        {
            return [.. within.Append(_rest).OfType<string>().Distinct()];
        }

        return _rest is not null && asked.Length >= 2 && asked.All(char.IsAsciiDigit) ? [_rest] : _words;
    }
}
