using System.Globalization;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.Experts.Outside;

/// <summary>A time as a calendar file has it: on the clock of some zone, or a whole day. Without a zone it is Japan time, where the experts live.</summary>
internal readonly record struct CalendarTime(DateTime Local, TimeZoneInfo? Zone, bool IsDay)
{
    public DateTimeOffset Instant => At(Local);

    /// <summary>Another local time of the same zone as an instant.</summary>
    public DateTimeOffset At(DateTime local) => Zone is null ? new DateTimeOffset(local, JapanTime.Offset) : new DateTimeOffset(local, Zone.GetUtcOffset(local));
}

/// <summary>Reads times and durations of a calendar file (RFC 5545 §3.3) with the zones that the file or the system knows.</summary>
internal sealed class CalendarTimes(CalendarPart calendar)
{
    private const int LongestDays = 3_660;
    private static readonly string[] Formats = ["yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmm"];
    private readonly Dictionary<string, TimeZoneInfo> zones = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidInput"><c>calendar.time_unreadable</c>, <c>calendar.zone_unknown</c></exception>
    public CalendarTime Read(CalendarLine line) => Read(line, line.Value);

    public CalendarTime Read(CalendarLine line, string value)
    {
        var text = value.Trim();
        if (DateTime.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsPossible(day))
        {
            return new(day, null, true);
        }

        var isUtc = text.EndsWith('Z');
        return DateTime.TryParseExact(isUtc ? text[..^1] : text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && IsPossible(local)
            ? new(local, isUtc ? TimeZoneInfo.Utc : line.Parameters.TryGetValue("TZID", out var zone) ? ZoneOf(zone, line.At) : null, false)
            : throw CalendarText.Refused("calendar.time_unreadable", line.At);
    }

    /// <summary>P1D, PT1H30M, P2W; negative ones are refused, nothing lasts less than nothing.</summary>
    public static (int Days, TimeSpan Time) Duration(CalendarLine line, string value)
    {
        var text = value.Trim().TrimStart('+');
        var (days, time, number, inTime, any) = (0, TimeSpan.Zero, "", false, false);
        if (text.Length < 3 || text[0] != 'P')
        {
            throw CalendarText.Refused("calendar.time_unreadable", line.At);
        }

        foreach (var c in text.AsSpan(1))
        {
            if (char.IsAsciiDigit(c) && number.Length < 6)
            {
                number += c;
                continue;
            }

            if (c == 'T' && number.Length == 0 && !inTime)
            {
                inTime = true;
                continue;
            }

            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            {
                throw CalendarText.Refused("calendar.time_unreadable", line.At);
            }

            (number, any) = ("", true);
            switch ((inTime, c))
            {
                case (false, 'W'):
                    days += amount * 7;
                    break;
                case (false, 'D'):
                    days += amount;
                    break;
                case (true, 'H'):
                    time += TimeSpan.FromHours(amount);
                    break;
                case (true, 'M'):
                    time += TimeSpan.FromMinutes(amount);
                    break;
                case (true, 'S'):
                    time += TimeSpan.FromSeconds(amount);
                    break;
                default:
                    throw CalendarText.Refused("calendar.time_unreadable", line.At);
            }

            // At every part and not at the end only: a long row of them would overflow.
            if (days > LongestDays || time.TotalDays > LongestDays)
            {
                throw CalendarText.Refused("calendar.time_unreadable", line.At);
            }
        }

        return any && number.Length == 0 ? (days, time) : throw CalendarText.Refused("calendar.time_unreadable", line.At);
    }

    // Files of other centuries and the year 9999 say nothing about an appointment, and sums with them overflow.
    private static bool IsPossible(DateTime time) => time.Year is >= 1900 and <= 2200;

    private TimeZoneInfo ZoneOf(string id, int line)
    {
        if (zones.TryGetValue(id, out var known))
        {
            return known;
        }

        if (string.IsNullOrWhiteSpace(id))
        {
            throw CalendarText.Refused("calendar.zone_unknown", line);
        }

        // Some programs write /example.org/Asia/Tokyo; Windows' own names are known to the system too.
        var parts = id.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var found = TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
            : parts.Length > 2 && TimeZoneInfo.TryFindSystemTimeZoneById(string.Join('/', parts[^2..]), out var inner) ? inner
            : Described(id) ?? throw CalendarText.Refused("calendar.zone_unknown", line);
        return zones[id] = found;
    }

    /// <summary>A zone that the file describes itself, where it has one offset the whole year; summer time of a private name is not guessed.</summary>
    private TimeZoneInfo? Described(string id)
    {
        var told = calendar.Parts.Find(p => p.Name == "VTIMEZONE" && p.Find("TZID")?.Value.Trim() == id);
        var offsets = told?.Parts.Select(p => p.Find("TZOFFSETTO")?.Value.Trim()).Distinct().ToList();
        return offsets is [{ Length: >= 5 } one] && one[0] is '+' or '-' && int.TryParse(one[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(one[3..5], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && hours <= 14 && minutes < (hours == 14 ? 1 : 60)
            ? TimeZoneInfo.CreateCustomTimeZone(id, (one[0] == '-' ? -1 : 1) * new TimeSpan(hours, minutes, 0), id, id)
            : null;
    }
}
