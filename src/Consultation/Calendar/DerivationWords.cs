using System.Globalization;
using System.Text;
using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>
/// Puts into words how a deadline was found, naming the days that were skipped. Runs of four closed days or more become
/// one range; a list that grows long leaves plain weekends to a count.
/// </summary>
internal static class DerivationWords
{
    private const int LongRun = 4;
    private const int LongList = 6;

    public static string OfHours(BusinessCalendar calendar, DateTimeOffset start, TimeSpan work, DateTimeOffset due, string from)
    {
        var startDay = JapanTime.DateOf(start);
        var dueDay = JapanTime.DateOf(due);
        var words = new StringBuilder(JapaneseDate.ShortTime(start)).Append(from.Length == 0 ? "" : $" {from}");
        var begins = calendar.NextOpen(start);
        if (begins != start)
        {
            var day = JapanTime.DateOf(begins);
            var time = JapaneseDate.Time(JapanTime.TimeOf(begins));
            words.Append(" → 受付時間外のため ").Append(day == startDay ? time : $"{Day(day, startDay.Year)} {time}").Append(" から");
        }

        words.Append(" → ").Append(Duration(work)).Append(" → ").Append(Day(dueDay, startDay.Year)).Append(' ')
            .Append(JapaneseDate.Time(JapanTime.TimeOf(due)));
        var notes = Notes(calendar, startDay, dueDay, startDay);
        if (Lunch(calendar, begins, due) is { LunchFrom: { } lunchFrom, LunchTo: { } lunchTo })
        {
            notes.Add($"昼休み {JapaneseDate.Time(lunchFrom)}〜{JapaneseDate.Time(lunchTo)} を除く");
        }

        return words.Append(Noted(notes)).ToString();
    }

    public static string OfBusinessDays(BusinessCalendar calendar, DateOnly start, string amount, DateOnly due, string from)
    {
        var words = $"{Start(start, from)} → {amount} → {Day(due, start.Year)}";
        return words + Noted(due > start ? Notes(calendar, start.AddDays(1), due, start) : Notes(calendar, due, start.AddDays(-1), due));
    }

    public static string OfRoll(BusinessCalendar calendar, DateOnly start, string? amount, DateOnly target, DateOnly due, string from)
    {
        var words = amount is null ? Start(start, from) : $"{Start(start, from)} → {amount} {Day(target, start.Year)}";
        return target == due ? words + Noted(Notes(calendar, target, due, target)) : $"{words} → 次の受付日 {Day(due, target.Year)}{Noted(Notes(calendar, target, due, target))}";
    }

    public static string Duration(TimeSpan work)
    {
        var minutes = (long)work.Duration().TotalMinutes;
        return (minutes / 60, minutes % 60) switch
        {
            (0, var rest) => $"{rest}分",
            (var whole, 0) => $"{whole}営業時間",
            var (whole, rest) => $"{whole}営業時間{rest}分",
        };
    }

    private static string Start(DateOnly start, string from) =>
        from.Length == 0 ? JapaneseDate.Short(start) : $"{JapaneseDate.Short(start)} {from}";

    private static string Day(DateOnly date, int yearSaid) => date.Year == yearSaid ? JapaneseDate.Short(date) : JapaneseDate.Long(date);

    private static string Noted(List<string> notes) => notes.Count == 0 ? "" : $"（{string.Join("。", notes)}）";

    /// <summary>What was skipped between two days, and which days had hours of their own.</summary>
    private static List<string> Notes(BusinessCalendar calendar, DateOnly first, DateOnly last, DateOnly said)
    {
        var notes = new List<string>();
        if (Skipped(calendar, first, last, said) is { Length: > 0 } skipped)
        {
            notes.Add($"休業: {skipped}");
        }

        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (calendar.SpecialOn(day) is { } special)
            {
                notes.Add($"{(calendar.National.IsBusinessDay(day) ? "受付時間の変更" : "臨時開所")}: {JapaneseDate.Short(day)} {Said(special.Hours)} {special.Reason}");
            }
        }

        return notes;
    }

    private static string Said(OpeningHours hours) =>
        $"{JapaneseDate.Time(hours.Opens)}〜{JapaneseDate.Time(hours.Closes)}"
        + (hours is { LunchFrom: { } from, LunchTo: { } to } ? $"・昼休み{JapaneseDate.Time(from)}〜{JapaneseDate.Time(to)}" : "");

    // The break counts when work was under way on both sides of it. That of a day with hours of its own is told with them.
    private static OpeningHours? Lunch(BusinessCalendar calendar, DateTimeOffset begins, DateTimeOffset due)
    {
        if (calendar.Hours.LunchFrom is not { } from)
        {
            return null;
        }

        for (var day = JapanTime.DateOf(begins); day <= JapanTime.DateOf(due); day = day.AddDays(1))
        {
            var lunch = JapanTime.At(day, from);
            if (calendar.SpecialOn(day) is null && calendar.IsOpen(day) && begins < lunch && due > lunch)
            {
                return calendar.Hours;
            }
        }

        return null;
    }

    /// <summary>The closed days from one day to another, the month said where it differs from that of the day last said.</summary>
    private static string Skipped(BusinessCalendar calendar, DateOnly first, DateOnly last, DateOnly said)
    {
        var items = new List<(List<DateOnly> Days, bool Plain)>();
        foreach (var run in Runs(calendar, first, last))
        {
            if (run.Count >= LongRun)
            {
                items.Add((run, false));
            }
            else
            {
                items.AddRange(run.Select(day => (new List<DateOnly> { day }, calendar.National.KindOf(day) == DayKind.Weekend)));
            }
        }

        var weekends = items.Count > LongList ? items.RemoveAll(item => item.Plain) : 0;
        var parts = new List<string>();
        foreach (var (days, _) in items)
        {
            var label = Label(calendar, days);
            var text = days[0].Month == days[^1].Month ? Numbered(days[0], said) : JapaneseDate.Short(days[0]);
            said = days[0];
            if (days.Count > 1)
            {
                text += $"〜{Numbered(days[^1], said)}";
                said = days[^1];
            }

            parts.Add(label.Length == 0 ? text : $"{text} {label}");
        }

        if (weekends > 0)
        {
            parts.Add(parts.Count == 0 ? $"土日{weekends}日" : $"ほか土日{weekends}日");
        }

        return string.Join("、", parts);
    }

    private static IEnumerable<List<DateOnly>> Runs(BusinessCalendar calendar, DateOnly first, DateOnly last)
    {
        var run = new List<DateOnly>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (!calendar.IsOpen(day))
            {
                run.Add(day);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private static string Label(BusinessCalendar calendar, List<DateOnly> days) =>
        string.Join("・", days
            .Where(day => calendar.National.KindOf(day) != DayKind.Weekend)
            .Select(day => calendar.National.IsYearEnd(day) && days.Count > 1 ? NationalCalendar.YearEndName : calendar.ClosedReason(day)!)
            .Distinct());

    private static string Numbered(DateOnly date, DateOnly said) =>
        date.Month == said.Month && date.Year == said.Year
            ? string.Create(CultureInfo.InvariantCulture, $"{date.Day}日({JapaneseDate.Weekday(date)})")
            : JapaneseDate.Short(date);
}
