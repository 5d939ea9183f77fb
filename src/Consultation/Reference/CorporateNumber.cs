namespace Consultation.Reference;

public enum CorporateNumberKind
{
    Absent,
    Valid,
    Invalid,
    PossibleMyNumber,
}

/// <summary>
/// The result of <see cref="CorporateNumber.Check"/>. <c>Value</c> is the 13 digits of a valid number, else null, so that a
/// possible マイナンバー travels no further. <c>CheckDigit</c> is what to offer in front of twelve digits that cannot be one.
/// </summary>
public sealed record CorporateNumberCheck(CorporateNumberKind Kind, string? Value = null, int? CheckDigit = null);

/// <summary>
/// 法人番号: 13 digits, the leftmost a check digit from 1 to 9 (平成26年財務省令第70号). A valid number is well formed, no more:
/// every 0↔9 error passes (domain §10.1).
/// </summary>
public static class CorporateNumber
{
    /// <summary>
    /// Full width, spaces, hyphens and a leading T are accepted. Every entry of twelve digits is a possible マイナンバー and
    /// must be neither stored nor logged.
    /// </summary>
    public static CorporateNumberCheck Check(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return new CorporateNumberCheck(CorporateNumberKind.Absent);
        }

        var digits = string.Concat(JapaneseText.Fold(typed).Where(c => c != '-' && !char.IsWhiteSpace(c)));
        if (digits.StartsWith('t'))
        {
            digits = digits[1..];
        }

        if (!digits.All(char.IsAsciiDigit))
        {
            return new CorporateNumberCheck(CorporateNumberKind.Invalid);
        }

        if (digits.Length == 12)
        {
            return new CorporateNumberCheck(
                CorporateNumberKind.PossibleMyNumber, CheckDigit: MyNumber.HasValidCheckDigit(digits) ? null : CheckDigitOf(digits));
        }

        return digits.Length == 13 && digits[0] - '0' == CheckDigitOf(digits.AsSpan(1))
            ? new CorporateNumberCheck(CorporateNumberKind.Valid, digits)
            : new CorporateNumberCheck(CorporateNumberKind.Invalid);
    }

    /// <summary>The 13 digits where they are a number; null for whatever else was typed.</summary>
    public static string? ValidOf(string? typed) => Check(typed).Value;

    /// <summary>The check digit in front of the twelve ASCII digits of a 基礎番号.</summary>
    public static int CheckDigitOf(ReadOnlySpan<char> baseNumber)
    {
        if (baseNumber.Length != 12)
        {
            throw new ArgumentException("A base number has twelve digits.", nameof(baseNumber));
        }

        var sum = 0;
        for (var n = 1; n <= 12; n++)
        {
            sum += (baseNumber[12 - n] - '0') * (n % 2 == 1 ? 1 : 2);
        }

        return 9 - (sum % 9);
    }

    /// <summary>1-4-4-4, as printed by the tax agency. Expects 13 digits.</summary>
    public static string Display(string value) => $"{value[..1]}-{value[1..5]}-{value[5..9]}-{value[9..]}";
}
