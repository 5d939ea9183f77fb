using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>An instant in Japan time, and how it was found, in Japanese words.</summary>
/// <param name="Counting">How to find it again by another calendar; null for a time that was promised and not counted.</param>
public readonly record struct DueInstant(DateTimeOffset Due, string Why, Counting? Counting = null);

/// <summary>A day, and how it was found, in Japanese words.</summary>
public readonly record struct DueDate(DateOnly Due, string Why);

/// <summary>
/// The working time of a desk: its hours on the days that are neither national closing days nor its own closures (day →
/// reason). Rolling is our own policy, always forward (domain §10.3); the statute moves statutory deadlines only.
/// The <c>from</c> argument of a method is the word for what happened at the start.
/// </summary>
public sealed class BusinessCalendar(OpeningHours hours, IReadOnlyDictionary<DateOnly, string> closures)
{
    public OpeningHours Hours { get; } = hours;

    public bool IsOpen(DateOnly date) => NationalCalendar.KindOf(date) == DayKind.Business && !closures.ContainsKey(date);

    /// <summary>Why the day is closed (土曜日, 勤労感謝の日, 年末年始, the closure's own reason); null on an open day.</summary>
    public string? ClosedReason(DateOnly date) => NationalCalendar.KindOf(date) switch
    {
        DayKind.Business => !closures.TryGetValue(date, out var reason) ? null : string.IsNullOrWhiteSpace(reason) ? "臨時休業" : reason,
        DayKind.Weekend => date.DayOfWeek == DayOfWeek.Saturday ? "土曜日" : "日曜日",
        _ => NationalCalendar.NameOf(date),
    };

    public bool IsOpenAt(DateTimeOffset instant) =>
        IsOpen(JapanTime.DateOf(instant)) && Hours.Contains(JapanTime.TimeOf(instant));

    public DateTimeOffset OpeningOf(DateOnly date) => JapanTime.At(date, Hours.Opens);

    public DateTimeOffset ClosingOf(DateOnly date) => JapanTime.At(date, Hours.Closes);

    /// <summary>The instant itself when open, else the next opening or end of lunch.</summary>
    public DateTimeOffset NextOpen(DateTimeOffset instant)
    {
        var none = TimeSpan.Zero;
        return Finish(instant, ref none);
    }

    /// <summary>
    /// The end of an amount of working time. Outside hours the clock starts at the next opening; an amount that ends
    /// exactly at closing or at lunch ends there. Throws <see cref="ArgumentOutOfRangeException"/> for a negative amount.
    /// </summary>
    public DueInstant AddHours(DateTimeOffset start, TimeSpan work, string from = "受付")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(work, TimeSpan.Zero);
        var rest = work;
        var due = Finish(start, ref rest);
        return new DueInstant(due, DerivationWords.OfHours(this, start, work, due, from));
    }

    /// <summary>
    /// The n-th business day after a day, which itself does not count. Zero rolls forward; a negative number counts back.
    /// </summary>
    public DueDate AddBusinessDays(DateOnly start, int days, string from = "")
    {
        if (days == 0)
        {
            return Roll(start, from);
        }

        var due = start;
        var step = Math.Sign(days);
        for (var left = Math.Abs(days); left > 0;)
        {
            due = due.AddDays(step);
            left -= IsOpen(due) ? 1 : 0;
        }

        var words = days > 0 ? $"{days}営業日" : $"{-days}営業日前";
        return new DueDate(due, DerivationWords.OfBusinessDays(this, start, words, due, from));
    }

    /// <summary>Calendar days after a day, rolled forward to an open day.</summary>
    public DueDate AddDaysThenRoll(DateOnly start, int days, string from = "") =>
        Rolled(start, days == 0 ? null : $"{days}日後", start.AddDays(days), from);

    /// <summary>Calendar months after a day, cut to the end of a shorter month, rolled forward to an open day.</summary>
    public DueDate AddMonthsThenRoll(DateOnly start, int months, string from = "") =>
        Rolled(start, months == 0 ? null : $"{months}か月後", start.AddMonths(months), from);

    /// <summary>The day itself when open, else the next open day.</summary>
    public DueDate Roll(DateOnly date) => Roll(date, "");

    /// <summary>
    /// The working time between two instants; negative when <paramref name="to"/> is the earlier. What remains of a
    /// deadline is the time between now and it.
    /// </summary>
    public TimeSpan WorkBetween(DateTimeOffset from, DateTimeOffset to)
    {
        if (to < from)
        {
            return -WorkBetween(to, from);
        }

        var firstDay = JapanTime.DateOf(from);
        var lastDay = JapanTime.DateOf(to);
        var work = TimeSpan.Zero;
        for (var day = firstDay; day <= lastDay; day = day.AddDays(1))
        {
            if (IsOpen(day))
            {
                work += day != firstDay && day != lastDay
                    ? Hours.Day
                    : Hours.WorkBetween(
                        day == firstDay ? JapanTime.TimeOf(from) : TimeOnly.MinValue,
                        day == lastDay ? JapanTime.TimeOf(to) : TimeOnly.MaxValue);
            }
        }

        return work;
    }

    /// <summary>4営業時間, 1営業時間30分, 30分; the sign and parts of a minute are dropped.</summary>
    public static string DurationText(TimeSpan work) => DerivationWords.Duration(work);

    private DueDate Roll(DateOnly date, string from) => Rolled(date, null, date, from);

    private DueDate Rolled(DateOnly start, string? words, DateOnly target, string from)
    {
        var due = target;
        while (!IsOpen(due))
        {
            due = due.AddDays(1);
        }

        return new DueDate(due, DerivationWords.OfRoll(this, start, words, target, due, from));
    }

    private DateTimeOffset Finish(DateTimeOffset start, ref TimeSpan work)
    {
        var day = JapanTime.DateOf(start);
        var from = JapanTime.TimeOf(start);
        while (true)
        {
            if (IsOpen(day) && Hours.Finish(from, ref work) is { } end)
            {
                return JapanTime.At(day, end);
            }

            day = day.AddDays(1);
            from = TimeOnly.MinValue;
        }
    }
}
