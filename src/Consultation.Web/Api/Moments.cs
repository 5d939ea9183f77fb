using System.Globalization;
using System.Text.RegularExpressions;
using Consultation.Reference;

namespace Consultation.Web.Api;

/// <summary>Dates and times as the API reads them: ISO 8601; without an offset a time is Japan time. Null where there is no such moment.</summary>
internal static partial class Moments
{
    // The calendar knows the years 2019–2045; beyond them nothing can be due. Appointments may lie further back.
    private const int FirstYear = 2000;
    private const int LastYear = 2045;

    public static DateTimeOffset? Instant(string text)
    {
        var match = InstantShape().Match(text);
        if (!match.Success
            || !DateTime.TryParseExact(match.Groups["minute"].Value, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || local.Year is < FirstYear or > LastYear)
        {
            return null;
        }

        if (match.Groups["second"] is { Success: true, Value: var seconds })
        {
            local = local.AddSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)).AddTicks(long.Parse(match.Groups["fraction"].Value.PadRight(7, '0')[..7], CultureInfo.InvariantCulture));
        }

        return match.Groups["offset"].Value switch
        {
            "" => new(local, JapanTime.Offset),
            "Z" or "z" => new(local, TimeSpan.Zero),
            var offset => Shift(offset) is { } shift ? new(local, shift) : null,
        };
    }

    /// <summary>The same from a query string, where a + that was not escaped has become a space.</summary>
    public static DateTimeOffset? QueryInstant(string text) => Instant(text.Replace(' ', '+'));

    public static DateOnly? Date(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= FirstYear and <= LastYear ? date : null;

    public static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static TimeSpan? Shift(string offset)
    {
        var hours = int.Parse(offset.AsSpan(1, 2), CultureInfo.InvariantCulture);
        var minutes = offset.Length > 3 ? int.Parse(offset.AsSpan(offset.Length - 2), CultureInfo.InvariantCulture) : 0;
        return hours <= 14 && minutes < 60 && (hours < 14 || minutes == 0) ? new TimeSpan(hours, minutes, 0) * (offset[0] == '-' ? -1 : 1) : null;
    }

    [GeneratedRegex(@"^(?<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:(?<second>[0-5][0-9])([.,](?<fraction>[0-9]{1,9}))?)?(?<offset>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex InstantShape();
}
