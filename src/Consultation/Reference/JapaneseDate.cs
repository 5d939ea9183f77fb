using System.Globalization;

namespace Consultation.Reference;

/// <summary>Dates and times as people in Japan read them; instants are shown in Japan time, minutes cut off.</summary>
public static class JapaneseDate
{
    private const string Weekdays = "日月火水木金土";

    public static string Long(DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"{date.Year}年{date.Month}月{date.Day}日({Weekday(date)})");

    public static string Short(DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"{date.Month}月{date.Day}日({Weekday(date)})");

    public static string LongTime(DateTimeOffset instant) => $"{Long(JapanTime.DateOf(instant))} {Time(JapanTime.TimeOf(instant))}";

    public static string ShortTime(DateTimeOffset instant) => $"{Short(JapanTime.DateOf(instant))} {Time(JapanTime.TimeOf(instant))}";

    /// <summary>Without the year where it is that of <paramref name="now"/>.</summary>
    public static string NearTime(DateTimeOffset instant, DateTimeOffset now) =>
        JapanTime.DateOf(instant).Year == JapanTime.DateOf(now).Year ? ShortTime(instant) : LongTime(instant);

    /// <summary>What stands before a time that is shown with another day: nothing on that day, 前日 or 翌日 beside it, else the date.</summary>
    public static string DayBeside(DateTimeOffset instant, DateTimeOffset shown) => (JapanTime.DateOf(instant).DayNumber - JapanTime.DateOf(shown).DayNumber) switch
    {
        0 => "",
        -1 => "前日",
        1 => "翌日",
        _ => Short(JapanTime.DateOf(instant)),
    };

    public static string Time(TimeOnly time) => time.ToString("H:mm", CultureInfo.InvariantCulture);

    public static char Weekday(DateOnly date) => Weekdays[(int)date.DayOfWeek];
}
