using System.Globalization;
using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>The table that is built into the program (<c>holidays-jp.csv</c>), official to <see cref="Until"/> and forecast after it.</summary>
internal static class ShippedHolidays
{
    private static readonly List<CsvRow> s_rows = [.. CsvText.Embedded("holidays-jp.csv")];

    public static readonly IReadOnlyDictionary<int, Dictionary<DateOnly, Holiday>> Years = s_rows.Select(row => Of(DateOf(row), row[1]))
        .GroupBy(holiday => holiday.On.Year).ToDictionary(year => year.Key, year => year.ToDictionary(holiday => holiday.On));

    /// <summary>The last year without a forecast.</summary>
    public static readonly int Until = s_rows.Where(row => row[3].EndsWith("forecast", StringComparison.Ordinal)).Min(row => DateOf(row).Year) - 1;

    private static DateOnly DateOf(CsvRow row) => DateOnly.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    // The source names every 6 May after こどもの日, whatever its cause, so that only the word 振替休日 is taken from it; and
    // it names the two days of the accession by their effect alone.
    private static Holiday Of(DateOnly date, string name) => name switch
    {
        _ when name.EndsWith("振替休日", StringComparison.Ordinal) => new(date, DayKind.Substitute, "振替休日"),
        "休日" => new(date, DayKind.Citizens, "国民の休日"),
        _ => Holidays.Named(date, name),
    };
}

/// <summary>Names that the published tables write in a way of their own.</summary>
public static class Holidays
{
    /// <summary>A day that the table names by its effect or by two names; every other stands under its own.</summary>
    public static Holiday Named(DateOnly date, string name) => name switch
    {
        "休日（祝日扱い）" => new(date, DayKind.Special, date.Month == 5 ? "天皇の即位の日" : "即位礼正殿の儀の行われる日"),
        "体育の日（スポーツの日）" => new(date, DayKind.National, "体育の日"),
        _ => new(date, DayKind.National, name),
    };
}
