using System.Globalization;

namespace Consultation.Reference;

/// <summary>An era of the Japanese calendar: letter for codes (R), name (令和) and first day.</summary>
public sealed record Era(string Code, string Name, DateOnly FirstDay);

/// <summary>Eras in order of time, each lasting until the next begins. Throws <see cref="ArgumentOutOfRangeException"/> for a day before the first.</summary>
public sealed class EraTable
{
    private readonly Era[] _eras;

    public EraTable(IEnumerable<Era> eras)
    {
        _eras = [.. eras.OrderBy(era => era.FirstDay)];
        if (_eras.Length == 0)
        {
            throw new ArgumentException("An era table needs at least one era.", nameof(eras));
        }
    }

    public Era At(DateOnly date) =>
        Array.FindLast(_eras, era => era.FirstDay <= date)
        ?? throw new ArgumentOutOfRangeException(nameof(date), date, "The day lies before the first known era.");

    /// <summary>The year within the era, counted from 1.</summary>
    public int YearOf(DateOnly date) => date.Year - At(date).FirstDay.Year + 1;

    /// <summary>令和8年11月22日; the first year of an era is 元年.</summary>
    public string Format(DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"{YearText(date)}{date.Month}月{date.Day}日");

    public string YearText(DateOnly date) => $"{At(date).Name}{Number(YearOf(date))}年";

    internal static string Number(int year) => year == 1 ? "元" : year.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Japanese era years. Eras are rows (<c>eras.csv</c>); <see cref="Use"/> takes a longer table at start-up, so that a new
/// era needs no release.
/// </summary>
public static class Wareki
{
    private static volatile EraTable s_table = new(CsvText.Embedded("eras.csv")
        .Select(row => new Era(row[0], row[1], DateOnly.ParseExact(row[2], "yyyy-MM-dd", CultureInfo.InvariantCulture))));

    public static EraTable Table => s_table;

    public static void Use(EraTable table) => s_table = table;

    public static string Format(DateOnly date) => s_table.Format(date);

    /// <summary>令和8年11月24日(火), as letters date themselves.</summary>
    public static string FormatDay(DateOnly date) => $"{Format(date)}({JapaneseDate.Weekday(date)})";

    /// <summary>令和8年11月24日(火) 9:20, in Japan time.</summary>
    public static string FormatTime(DateTimeOffset instant) => $"{FormatDay(JapanTime.DateOf(instant))} {JapaneseDate.Time(JapanTime.TimeOf(instant))}";

    /// <summary>
    /// The era year in which the calendar year ends (2019 → 令和元年), which is also how a fiscal year that begins in that
    /// year is called (domain §10.4).
    /// </summary>
    public static string FormatYear(int year) => s_table.YearText(new DateOnly(year, 12, 31));
}
