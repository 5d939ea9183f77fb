namespace Consultation.Reference;

/// <summary>
/// Recognises マイナンバー (個人番号), which must never be stored or logged (番号法 19, 20条). The check digit is that of
/// 平成26年総務省令第85号 5条; one in eleven random numbers of twelve digits passes it.
/// </summary>
public static class MyNumber
{
    private const int Length = 12;

    /// <summary>
    /// Whether the text holds twelve digits in a row, or 4-4-4 joined by single spaces, hyphens, dots or line ends, whose check digit
    /// holds. Digits of any width count. Parts of a longer number do not: 1-4-4-4 is a 法人番号, 4-4-4-4 a card, and a
    /// number after + is a telephone's.
    /// </summary>
    public static bool FindIn(string text)
    {
        if (!MayHoldDigits(text))
        {
            return false;
        }

        var folded = JapaneseText.Fold(text);
        var groups = new List<Range>();
        for (var i = 0; i < folded.Length; i++)
        {
            if (!char.IsAsciiDigit(folded[i]))
            {
                continue;
            }

            var start = i;
            while (i < folded.Length && char.IsAsciiDigit(folded[i]))
            {
                i++;
            }

            groups.Add(start..i);
        }

        for (var g = 0; g < groups.Count; g++)
        {
            if (IsWhole(folded, groups[g]) || IsSplit(folded, groups, g))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether twelve ASCII digits carry the right check digit.</summary>
    public static bool HasValidCheckDigit(ReadOnlySpan<char> digits)
    {
        if (digits.Length != Length)
        {
            return false;
        }

        var sum = 0;
        for (var n = 1; n < Length; n++)
        {
            sum += (digits[Length - 1 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
        }

        var rest = sum % 11;
        return digits[^1] - '0' == (rest <= 1 ? 0 : 11 - rest);
    }

    private static bool MayHoldDigits(string text)
    {
        foreach (var c in text)
        {
            if (char.IsNumber(c) || char.IsSurrogate(c))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWhole(string text, Range group) =>
        Size(group) == Length && !FollowsPlus(text, group) && HasValidCheckDigit(text.AsSpan(group));

    private static bool IsSplit(string text, List<Range> groups, int first)
    {
        if (first + 2 >= groups.Count || Size(groups[first]) != 4 || Size(groups[first + 1]) != 4 || Size(groups[first + 2]) != 4)
        {
            return false;
        }

        var joint = Joint(text, groups[first], groups[first + 1]);
        if (joint == '\0' || Joint(text, groups[first + 1], groups[first + 2]) == '\0' || FollowsPlus(text, groups[first]))
        {
            return false;
        }

        var longer = (first > 0 && Size(groups[first - 1]) is 1 or 4 && Joint(text, groups[first - 1], groups[first]) == joint)
            || (first + 3 < groups.Count && Size(groups[first + 3]) == 4 && Joint(text, groups[first + 2], groups[first + 3]) == joint);
        Span<char> digits = stackalloc char[Length];
        for (var part = 0; part < 3; part++)
        {
            text.AsSpan(groups[first + part]).CopyTo(digits[(4 * part)..]);
        }

        return !longer && HasValidCheckDigit(digits);
    }

    private static int Size(Range group) => group.End.Value - group.Start.Value;

    private static bool FollowsPlus(string text, Range group) => group.Start.Value > 0 && text[group.Start.Value - 1] == '+';

    private static char Joint(string text, Range left, Range right) =>
        right.Start.Value == left.End.Value + 1 && text[left.End.Value] is ' ' or '-' or '.' or '\n' ? text[left.End.Value] : '\0';
}
