using System.Globalization;
using Consultation.Messaging;

namespace Consultation.Experts.Outside;

/// <summary>
/// A recurrence rule (RFC 5545 §3.3.10): DAILY, WEEKLY, MONTHLY, YEARLY with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST.
/// A rule with anything else refuses the file: a calendar that is half understood would offer times that are taken.
/// </summary>
internal sealed class Recurrence
{
    private enum Every { Daily, Weekly, Monthly, Yearly }

    // The days of a month, counted from both ends. Longer lists only cost time.
    private const int LongestList = 62;

    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    private Every every;
    private int interval = 1;
    private int? count;
    private CalendarTime? until;
    private DayOfWeek weekStart = DayOfWeek.Monday;
    private List<(int Nth, DayOfWeek Day)> byDay = [];
    private List<int> byMonthDay = [];
    private List<int> byMonth = [];
    private List<int> byPlace = [];

    /// <exception cref="InvalidInput"><c>calendar.rule_not_read</c></exception>
    public static Recurrence Read(CalendarLine line, CalendarTimes times)
    {
        var rule = new Recurrence();
        var isTold = false;
        foreach (var part in line.Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = part.Split('=') is [var n, var v] ? (n.Trim().ToUpperInvariant(), v.Trim().ToUpperInvariant()) : throw NotRead(line);
            switch (name)
            {
                case "FREQ":
                    rule.every = value switch { "DAILY" => Every.Daily, "WEEKLY" => Every.Weekly, "MONTHLY" => Every.Monthly, "YEARLY" => Every.Yearly, _ => throw NotRead(line) };
                    isTold = true;
                    break;
                case "INTERVAL":
                    rule.interval = Number(value, 1, 1_000, line);
                    break;
                case "COUNT":
                    rule.count = Number(value, 1, 1_000_000, line);
                    break;
                case "UNTIL":
                    rule.until = times.Read(line, value);
                    break;
                case "WKST":
                    rule.weekStart = DayOf(value, line);
                    break;
                case "BYDAY":
                    rule.byDay = [.. Listed(value, line).Select(day => (day.Length > 2 ? Number(day[..^2], -53, 53, line) : 0, DayOf(day.Length < 2 ? day : day[^2..], line))).Distinct()];
                    break;
                case "BYMONTHDAY":
                    rule.byMonthDay = [.. Listed(value, line).Select(day => Number(day, -31, 31, line)).Distinct()];
                    break;
                case "BYMONTH":
                    rule.byMonth = [.. Listed(value, line).Select(month => Number(month, 1, 12, line)).Distinct()];
                    break;
                case "BYSETPOS":
                    rule.byPlace = [.. Listed(value, line).Select(place => Number(place, -366, 366, line)).Distinct()];
                    break;
                default:
                    throw NotRead(line);
            }
        }

        var hasNth = rule.byDay.Exists(d => d.Nth != 0);
        var isKnown = isTold && rule.every switch
        {
            Every.Daily => !hasNth && rule.byMonthDay.Count == 0 && rule.byPlace.Count == 0,
            Every.Weekly => !hasNth && rule.byMonthDay.Count == 0 && rule.byPlace.Count == 0,
            // The first Monday of a year without a month is a rule of its own kind.
            Every.Yearly => rule.byDay.Count == 0 || rule.byMonth.Count > 0,
            _ => true,
        };
        return isKnown ? rule : throw NotRead(line);
    }

    /// <summary>The beginnings in order, the first one among them whether or not the rule would have it.</summary>
    /// <param name="last">Nothing behind it is wanted.</param>
    /// <param name="step">Called for every day looked at; throws where a file asks for too much.</param>
    public IEnumerable<DateTime> Starts(CalendarTime first, DateTime last, Action step)
    {
        yield return first.Local;
        var given = 1;
        if (given >= count)
        {
            yield break;
        }

        foreach (var day in Days(first.Local.Date, last, step))
        {
            var start = day + first.Local.TimeOfDay;
            if (start <= first.Local)
            {
                continue;
            }

            if (start > last || IsOver(first, start))
            {
                yield break;
            }

            yield return start;
            if (++given >= count)
            {
                yield break;
            }
        }
    }

    private bool IsOver(CalendarTime first, DateTime start) => until is { } end && (end.IsDay ? start.Date > end.Local : end.Zone is null ? start > end.Local : first.At(start) > end.Instant);

    private IEnumerable<DateTime> Days(DateTime first, DateTime last, Action step)
    {
        var begin = every switch
        {
            Every.Daily => first,
            Every.Weekly => first.AddDays(-(((int)first.DayOfWeek - (int)weekStart + 7) % 7)),
            Every.Monthly => new DateTime(first.Year, first.Month, 1),
            _ => new DateTime(first.Year, 1, 1),
        };
        for (var at = begin; at <= last; at = Next(at))
        {
            step();
            foreach (var day in In(at, first))
            {
                yield return day;
            }
        }
    }

    private DateTime Next(DateTime at) => every switch
    {
        Every.Daily => at.AddDays(interval),
        Every.Weekly => at.AddDays(7 * interval),
        Every.Monthly => at.AddMonths(interval),
        _ => at.AddYears(interval),
    };

    private IEnumerable<DateTime> In(DateTime at, DateTime first) => every switch
    {
        Every.Daily => (byMonth.Count == 0 || byMonth.Contains(at.Month)) && (byDay.Count == 0 || byDay.Exists(d => d.Day == at.DayOfWeek)) ? [at] : [],
        Every.Weekly => Enumerable.Range(0, 7).Select(i => at.AddDays(i)).Where(day =>
            (byMonth.Count == 0 || byMonth.Contains(day.Month)) && (byDay.Count == 0 ? day.DayOfWeek == first.DayOfWeek : byDay.Exists(d => d.Day == day.DayOfWeek))),
        Every.Monthly => byMonth.Count == 0 || byMonth.Contains(at.Month) ? Placed(InMonth(at.Year, at.Month, first)) : [],
        _ => Placed((byMonth.Count == 0 ? [first.Month] : byMonth).Order().SelectMany(month => InMonth(at.Year, month, first))),
    };

    private IEnumerable<DateTime> InMonth(int year, int month, DateTime first)
    {
        var length = DateTime.DaysInMonth(year, month);
        return Enumerable.Range(1, length).Where(day =>
        {
            var weekday = new DateTime(year, month, day).DayOfWeek;
            return (byMonthDay.Count == 0 || byMonthDay.Exists(d => d == day || d == day - length - 1))
                && (byDay.Count == 0 || byDay.Exists(d => d.Day == weekday && (d.Nth == 0 || d.Nth == ((day - 1) / 7) + 1 || d.Nth == -(((length - day) / 7) + 1))))
                && (byMonthDay.Count > 0 || byDay.Count > 0 || day == first.Day);
        }).Select(day => new DateTime(year, month, day));
    }

    private IEnumerable<DateTime> Placed(IEnumerable<DateTime> days)
    {
        if (byPlace.Count == 0)
        {
            return days;
        }

        var all = days.ToList();
        return all.Where((_, at) => byPlace.Contains(at + 1) || byPlace.Contains(at - all.Count));
    }

    private static string[] Listed(string value, CalendarLine line) => value.Split(',') is { Length: <= LongestList } listed ? listed : throw NotRead(line);

    private static int Number(string text, int least, int most, CalendarLine line) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most && number != 0 ? number : throw NotRead(line);

    private static DayOfWeek DayOf(string text, CalendarLine line) => Array.IndexOf(DayNames, text) is var day and >= 0 ? (DayOfWeek)day : throw NotRead(line);

    private static InvalidInput NotRead(CalendarLine line) => CalendarText.Refused("calendar.rule_not_read", line.At);
}
