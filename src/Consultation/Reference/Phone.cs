namespace Consultation.Reference;

public enum PhoneKind
{
    Absent,
    Landline,
    Mobile,
    Ip,
    TollFree,
    Unified,
    Unknown,
}

/// <summary>
/// The digits of a telephone number as dialled in Japan (without extension; null when there are none), its kind, and
/// whether a person should look at it. A doubtful number is kept as typed, never refused.
/// </summary>
public sealed record PhoneCheck(string? Digits, PhoneKind Kind, bool IsDoubtful);

/// <summary>Telephone numbers by length and prefix (domain §10.5, 電気通信番号計画). Area codes are not looked up.</summary>
public static class Phone
{
    private static readonly string[] s_extensionMarks = ["内線", "(内", "ext", "#"];

    public static PhoneCheck Check(string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            return new PhoneCheck(null, PhoneKind.Absent, false);
        }

        var number = JapaneseText.Fold(typed);
        foreach (var mark in s_extensionMarks)
        {
            var at = number.IndexOf(JapaneseText.Fold(mark), StringComparison.Ordinal);
            number = at > 0 ? number[..at] : number;
        }

        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        if (digits.Length == 0)
        {
            return new PhoneCheck(null, PhoneKind.Unknown, true);
        }

        if (number.TrimStart().StartsWith("+81", StringComparison.Ordinal))
        {
            digits = string.Concat("0", digits.AsSpan(2).TrimStart('0'));
        }

        var kind = KindOf(digits);
        var onlyNumber = number.All(c => char.IsAsciiDigit(c) || char.IsWhiteSpace(c) || c is '-' or '(' or ')' or '+' or '.');
        return new PhoneCheck(digits, kind, kind == PhoneKind.Unknown || !onlyNumber);
    }

    private static PhoneKind KindOf(string digits) => (digits.Length, digits) switch
    {
        (10, ['0', '1', '2', '0', ..]) or (11, ['0', '8', '0', '0', ..]) => PhoneKind.TollFree,
        (10, ['0', '5', '7', '0', ..]) => PhoneKind.Unified,
        (11, ['0', '5', '0', ..]) => PhoneKind.Ip,
        (11, ['0', '6' or '7' or '8' or '9', '0', ..]) => PhoneKind.Mobile,
        (10, ['0', '5' or '6' or '7' or '8' or '9', '0', ..]) => PhoneKind.Unknown,
        (10, ['0', not '0', ..]) => PhoneKind.Landline,
        _ => PhoneKind.Unknown,
    };
}
