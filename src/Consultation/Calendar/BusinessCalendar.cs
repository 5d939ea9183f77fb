using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>An instant in Japan time, and how it was found, in Japanese words.</summary>
/// <param name="Counting">How to find it again by another calendar; null for a time that was promised and not counted.</param>
public readonly record struct DueInstant(DateTimeOffset Due, string Why, Counting? Counting = null);

/// <summary>A day, and how it was found, in Japanese words.</summary>
public readonly record struct DueDate(DateOnly Due, string Why);

/// <summary>Hours of one day that are not those of the week: a Saturday on which the desk opens (臨時開所), a shortened or a longer day.</summary>
public sealed record SpecialHours(OpeningHours Hours, string Reason);

/// <summary>
/// The working time of a desk: its hours on the days that are neither national closing days nor its own closures (day →
/// reason), and on single days hours of their own. Rolling is our own policy, always forward (domain §10.3); the statute moves statutory
/// deadlines only. The <c>from</c> argument of a method is the word for what happened at the start.
/// </summary>
/// <param name="special">Goes before <paramref name="closures"/> and the national calendar: the desk is open then.</param>
public sealed class BusinessCalendar(
    NationalCalendar national, OpeningHours hours, IReadOnlyDictionary<DateOnly, string> closures, IReadOnlyDictionary<DateOnly, SpecialHours>? special = null)
{
    private readonly IReadOnlyDictionary<DateOnly, SpecialHours>? special = special is { Count: > 0 } ? special : null;

    public NationalCalendar National { get; } = national;

    /// <summary>The hours of an ordinary day.</summary>
    public OpeningHours Hours { get; } = hours;

    public bool IsOpen(DateOnly date) => SpecialOn(date) is not null || (National.IsBusinessDay(date) && !closures.ContainsKey(date));

    /// <summary>The hours of that day; null where the desk is closed.</summary>
    public OpeningHours? HoursOn(DateOnly date) => SpecialOn(date)?.Hours ?? (IsOpen(date) ? Hours : null);

    /// <summary>The hours that only this day has, with their reason; null on an ordinary day.</summary>
    public SpecialHours? SpecialOn(DateOnly date) => special?.GetValueOrDefault(date);

    /// <summary>Why the day is closed (土曜日, 勤労感謝の日, 年末年始, the closure's own reason); null on an open day.</summary>
    public string? ClosedReason(DateOnly date) =>
        SpecialOn(date) is not null ? null
        : National.ClosedReason(date) ?? (!closures.TryGetValue(date, out var reason) ? null : string.IsNullOrWhiteSpace(reason) ? "臨時休業" : reason);

    public bool IsOpenAt(DateTimeOffset instant) => HoursOn(JapanTime.DateOf(instant))?.Contains(JapanTime.TimeOf(instant)) == true;

    public DateTimeOffset OpeningOf(DateOnly date) => JapanTime.At(date, (HoursOn(date) ?? Hours).Opens);

    public DateTimeOffset ClosingOf(DateOnly date) => JapanTime.At(date, (HoursOn(date) ?? Hours).Closes);

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
            if (HoursOn(day) is { } open)
            {
                work += day != firstDay && day != lastDay
                    ? open.Day
                    : open.WorkBetween(
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
            if (HoursOn(day)?.Finish(from, ref work) is { } end)
            {
                return JapanTime.At(day, end);
            }

            day = day.AddDays(1);
            from = TimeOnly.MinValue;
        }
    }
}
