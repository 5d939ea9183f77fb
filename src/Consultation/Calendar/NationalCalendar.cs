using System.Collections.Concurrent;

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

/// <summary>A holiday of 国民の祝日に関する法律, under the name that people read.</summary>
public sealed record Holiday(DateOnly On, DayKind Kind, string Name);

/// <summary>年末年始 from the winter that begins in that year on: a day of December to a day of January, both closed.</summary>
public sealed record YearEndDays(int FirstWinter, int FromDay, int ToDay)
{
    /// <summary>行政機関の休日に関する法律 1条: 29 December to 3 January.</summary>
    public static readonly YearEndDays ByLaw = new(0, 29, 3);
}

/// <summary>
/// The closing days of everyone: holidays, 年末年始, Saturday and Sunday. The published table comes first; the years after it follow the law as it
/// stands since 2022 and the equinox forecast, good until 2099, and are forecasts (予測). Which table is in force is data of the installation
/// (<c>DeskBook</c>); <see cref="Shipped"/> is the one it begins with. Never changes once made.
/// </summary>
/// <param name="official">All holidays from <see cref="FirstYear"/> to the end of <paramref name="officialYear"/>.</param>
/// <param name="yearEnds">In any order; before the first of them the law's.</param>
public sealed class NationalCalendar(IEnumerable<Holiday> official, int officialYear, IEnumerable<YearEndDays> yearEnds)
{
    public const string YearEndName = "年末年始";

    /// <summary>The first year of the table: nothing of this house lies before it.</summary>
    public const int FirstYear = 2019;

    /// <summary>The table that comes with the program, as far as it is official.</summary>
    public static readonly NationalCalendar Shipped = new(
        ShippedHolidays.Years.Where(y => y.Key <= ShippedHolidays.Until).SelectMany(y => y.Value.Values), ShippedHolidays.Until, []);

    /// <summary>The holidays of the gazette are known until then; what follows is forecast.</summary>
    public DateOnly OfficialUntil { get; } = new(officialYear, 12, 31);

    private readonly Dictionary<int, Dictionary<DateOnly, Holiday>> table =
        official.GroupBy(h => h.On.Year).ToDictionary(y => y.Key, y => y.ToDictionary(h => h.On));

    private readonly YearEndDays[] winters = [.. yearEnds.Prepend(YearEndDays.ByLaw).OrderBy(w => w.FirstWinter)];
    private readonly ConcurrentDictionary<int, Year> years = new();

    /// <summary>
    /// True from the March in which the coming year has been gazetted but is not in the table yet: the dates of a year are gazetted in February of the
    /// year before, so that a warning any earlier could not be heeded, and from then on ten months are left.
    /// </summary>
    public static bool IsTableDue(DateOnly officialUntil, DateOnly today) => today.AddMonths(10) > officialUntil;

    /// <inheritdoc cref="IsTableDue(DateOnly, DateOnly)"/>
    public bool IsTableDue(DateOnly today) => IsTableDue(OfficialUntil, today);

    public DayKind KindOf(DateOnly date) => YearOf(date).Kinds[date.DayOfYear - 1];

    public bool IsBusinessDay(DateOnly date) => KindOf(date) == DayKind.Business;

    /// <summary>The name of a holiday or 年末年始; null for weekends and business days.</summary>
    public string? NameOf(DateOnly date) => YearOf(date).Names.GetValueOrDefault(date);

    /// <summary>Why everybody is closed: 土曜日, 勤労感謝の日, 年末年始; null on a business day.</summary>
    public string? ClosedReason(DateOnly date) => KindOf(date) switch
    {
        DayKind.Business => null,
        DayKind.Weekend => date.DayOfWeek == DayOfWeek.Saturday ? "土曜日" : "日曜日",
        _ => NameOf(date),
    };

    /// <summary>The holidays of a year, 年末年始 not among them, in order.</summary>
    public IEnumerable<Holiday> HolidaysOf(int year) => (table.GetValueOrDefault(year) ?? ByRule(year)).Values.OrderBy(h => h.On);

    public bool IsForecast(DateOnly date) => date > OfficialUntil;

    /// <summary>Which days of December and January are 年末年始 in the winter that begins in that year.</summary>
    public YearEndDays YearEndOf(int winter) => winters.Last(w => w.FirstWinter <= winter);

    internal bool IsYearEnd(DateOnly date) => date.Month switch
    {
        12 => date.Day >= YearEndOf(date.Year).FromDay,
        1 => date.Day <= YearEndOf(date.Year - 1).ToDay,
        _ => false,
    };

    /// <summary>The same holidays with other 年末年始.</summary>
    public NationalCalendar With(IEnumerable<YearEndDays> others) => new(table.Values.SelectMany(y => y.Values), OfficialUntil.Year, others);

    /// <summary>The holidays of a year by the law alone, without the table.</summary>
    internal static Dictionary<DateOnly, Holiday> ByRule(int year)
    {
        var national = new Dictionary<DateOnly, Holiday>();
        void Add(DateOnly date, string name) => national[date] = new Holiday(date, DayKind.National, name);
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

            all[substitute] = new Holiday(substitute, DayKind.Substitute, "振替休日");
        }

        foreach (var between in national.Keys.Select(date => date.AddDays(1)).Where(day => national.ContainsKey(day.AddDays(1))))
        {
            all.TryAdd(between, new Holiday(between, DayKind.Citizens, "国民の休日"));
        }

        return all;
    }

    /// <summary>The holidays of a year by the shipped table, its forecasts included; null where it has none.</summary>
    internal static Dictionary<DateOnly, Holiday>? ByTable(int year) => ShippedHolidays.Years.GetValueOrDefault(year);

    private static DateOnly Monday(int year, int month, int nth)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((8 - (int)first.DayOfWeek) % 7) + (7 * (nth - 1)));
    }

    private static int Equinox(int year, double in1980) =>
        (int)Math.Floor(in1980 + (0.242194 * (year - 1980)) - Math.Floor((year - 1980) / 4.0));

    private Year YearOf(DateOnly date) => years.TryGetValue(date.Year, out var known) ? known : years.GetOrAdd(date.Year, Build);

    private Year Build(int year)
    {
        var holidays = table.GetValueOrDefault(year) ?? ByRule(year);
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

    private sealed record Year(DayKind[] Kinds, Dictionary<DateOnly, string> Names);
}
