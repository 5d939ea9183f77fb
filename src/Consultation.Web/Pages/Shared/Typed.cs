using System.Globalization;
using System.Text;

namespace Consultation.Web.Pages.Shared;

/// <summary>Reads figures and times the way people type them: full-width, with commas, 14時30分, 1430.</summary>
public static class Typed
{
    /// <summary>A whole number; null where there is none. Whether nothing was typed is the caller's question.</summary>
    public static long? Number(string? text)
    {
        var plain = Plain(text).Replace(",", "", StringComparison.Ordinal);
        return long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    public static TimeOnly? Time(string? text)
    {
        var plain = Plain(text).Replace("時", ":", StringComparison.Ordinal).Replace("分", "", StringComparison.Ordinal);
        plain = plain.EndsWith(':') ? plain + "00" : plain;
        return TimeOnly.TryParseExact(plain, ["H:m", "H:mm", "HHmm", "Hmm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    private static string Plain(string? text) => (text ?? "").Normalize(NormalizationForm.FormKC).Trim();
}
