using System.Collections.Concurrent;
using System.Globalization;
using Consultation.Reference;

namespace Consultation.Calendar;

/// <summary>What kind of day it is for everyone in Japan. A holiday goes before the year end, that before the weekend.</summary>
public enum DayKind
{
    National,
    Substitute,
    Citizens,
    Special,
    YearEnd,
    Weekend,
    Business,
}

/// <summary>
/// Holidays of 国民の祝日に関する法律, and the days on which offices of the state are closed (行政機関の休日に関する法律 1条: Saturday,
/// Sunday, holidays, 29 December to 3 January). The gazetted table comes first (2019–2035, forecasts from 2028); other
/// years follow the law as it stands since 2022 and the equinox forecast, good from 2022 to 2099.
/// </summary>
public static class NationalCalendar
{
    public const string YearEndName = "年末年始";

    /// <summary>
    /// The last day whose holidays the table has from the gazette; what follows is forecast (案). The dates of a year are gazetted in
    /// February of the year before, so that the table is due for an update every spring.
    /// </summary>
    public static readonly DateOnly GazettedUntil = new(2027, 12, 31);

    /// <summary>True from the March in which the coming year has been gazetted but is not in the table yet.</summary>
    public static bool IsTableDue(DateOnly today) => today.AddMonths(10) > GazettedUntil;

    private static readonly Dictionary<int, Dictionary<DateOnly, Holiday>> s_table = Table();
    private static readonly ConcurrentDictionary<int, Year> s_years = new();

    public static DayKind KindOf(DateOnly date) => YearOf(date).Kinds[date.DayOfYear - 1];

    /// <summary>The name of a holiday or 年末年始; null for weekends and business days.</summary>
    public static string? NameOf(DateOnly date) => YearOf(date).Names.GetValueOrDefault(date);

    internal static bool IsYearEnd(DateOnly date) => (date.Month, date.Day) is (12, >= 29) or (1, <= 3);

    /// <summary>The holidays of a year by the law alone, without the table.</summary>
    internal static Dictionary<DateOnly, Holiday> ByRule(int year)
    {
        var national = new Dictionary<DateOnly, Holiday>();
        void Add(DateOnly date, string name) => national[date] = new Holiday(DayKind.National, name);
        Add(new DateOnly(year, 1, 1), "元日");
        Add(Monday(year, 1, 2), "成人の日");
        Add(new DateOnly(year, 2, 11), "建国記念の日");
        Add(new DateOnly(year, 2, 23), "天皇誕生日");
        Add(new DateOnly(year, 3, Equinox(year, 20.8431)), "春分の日");
        Add(new DateOnly(year, 4, 29), "昭和の日");
        Add(new DateOnly(year, 5, 3), "憲法記念日");
        Add(new DateOnly(year, 5, 4), "みどりの日");
        Add(new DateOnly(year, 5, 5), "こどもの日");
        Add(Monday(year, 7, 3), "海の日");
        Add(new DateOnly(year, 8, 11), "山の日");
        Add(Monday(year, 9, 3), "敬老の日");
        Add(new DateOnly(year, 9, Equinox(year, 23.2488)), "秋分の日");
        Add(Monday(year, 10, 2), "スポーツの日");
        Add(new DateOnly(year, 11, 3), "文化の日");
        Add(new DateOnly(year, 11, 23), "勤労感謝の日");

        var all = new Dictionary<DateOnly, Holiday>(national);
        foreach (var sunday in national.Keys.Where(date => date.DayOfWeek == DayOfWeek.Sunday))
        {
            var substitute = sunday.AddDays(1);
            while (national.ContainsKey(substitute))
            {
                substitute = substitute.AddDays(1);
            }

            all[substitute] = new Holiday(DayKind.Substitute, "振替休日");
        }

        foreach (var between in national.Keys.Select(date => date.AddDays(1)).Where(day => national.ContainsKey(day.AddDays(1))))
        {
            all.TryAdd(between, new Holiday(DayKind.Citizens, "国民の休日"));
        }

        return all;
    }

    internal static Dictionary<DateOnly, Holiday>? ByTable(int year) => s_table.GetValueOrDefault(year);

    private static DateOnly Monday(int year, int month, int nth)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((8 - (int)first.DayOfWeek) % 7) + (7 * (nth - 1)));
    }

    private static int Equinox(int year, double in1980) =>
        (int)Math.Floor(in1980 + (0.242194 * (year - 1980)) - Math.Floor((year - 1980) / 4.0));

    private static Year YearOf(DateOnly date) => s_years.GetOrAdd(date.Year, static year => Build(year));

    private static Year Build(int year)
    {
        var holidays = ByTable(year) ?? ByRule(year);
        var kinds = new DayKind[DateTime.IsLeapYear(year) ? 366 : 365];
        var names = new Dictionary<DateOnly, string>();
        for (var i = 0; i < kinds.Length; i++)
        {
            var date = new DateOnly(year, 1, 1).AddDays(i);
            if (holidays.TryGetValue(date, out var holiday))
            {
                kinds[i] = holiday.Kind;
                names[date] = holiday.Name;
            }
            else if (IsYearEnd(date))
            {
                kinds[i] = DayKind.YearEnd;
                names[date] = YearEndName;
            }
            else
            {
                kinds[i] = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? DayKind.Weekend : DayKind.Business;
            }
        }

        return new Year(kinds, names);
    }

    private static Dictionary<int, Dictionary<DateOnly, Holiday>> Table() =>
        CsvText.Embedded("holidays-jp.csv")
            .Select(row => (Date: DateOnly.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), Name: row[1]))
            .GroupBy(row => row.Date.Year)
            .ToDictionary(year => year.Key, year => year.ToDictionary(row => row.Date, row => Classify(row.Date, row.Name)));

    // The source names every 6 May after こどもの日, whatever its cause, so that only the word 振替休日 is taken from it; and
    // it names the two days of the accession by their effect alone.
    private static Holiday Classify(DateOnly date, string name) => name switch
    {
        _ when name.EndsWith("振替休日", StringComparison.Ordinal) => new Holiday(DayKind.Substitute, "振替休日"),
        "休日" => new Holiday(DayKind.Citizens, "国民の休日"),
        "休日（祝日扱い）" => new Holiday(DayKind.Special, date.Month == 5 ? "天皇の即位の日" : "即位礼正殿の儀の行われる日"),
        "体育の日（スポーツの日）" => new Holiday(DayKind.National, "体育の日"),
        _ => new Holiday(DayKind.National, name),
    };

    internal sealed record Holiday(DayKind Kind, string Name);

    private sealed record Year(DayKind[] Kinds, Dictionary<DateOnly, string> Names);
}
