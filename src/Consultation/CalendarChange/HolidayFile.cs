using System.Globalization;
using System.Text.RegularExpressions;
using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Reference;

namespace Consultation.CalendarChange;

/// <summary>
/// The table that 内閣府 publishes (syukujitsu.csv): every holiday since 1955 up to the end of the next year, in Shift_JIS, as <c>2026/1/1,元日</c>.
/// Taken from <see cref="NationalCalendar.FirstYear"/> on. A file that is not it, or not whole, is refused as a whole, with the line and the reason.
/// </summary>
public sealed partial class HolidayFile
{
    /// <summary>The published file has some 20 KB.</summary>
    public const int MostBytes = 200_000;

    /// <summary>The law knows 16 holidays; a year with fewer rows is a file that was cut off.</summary>
    private const int FewestDays = 16;

    // From here on the law's own rules count the days; the years before had single laws of their own (2019 to 2021).
    private const int RulesFrom = 2022;
    private const string HeaderDay = "国民の祝日・休日月日";
    private const string HeaderName = "国民の祝日・休日名称";
    private const int LongestName = 40;

    private HolidayFile(IReadOnlyList<Holiday> days, int ignored) => (Days, Ignored) = (days, ignored);

    /// <summary>In order; substitutes and 国民の休日, which the file both names 休日, told apart.</summary>
    public IReadOnlyList<Holiday> Days { get; }

    /// <summary>How many rows lie before the years this house knows.</summary>
    public int Ignored { get; }

    public int LastYear => Days[^1].On.Year;

    /// <exception cref="InvalidInput">Of the field <c>file</c>: not that file, not whole, or a row that cannot be.</exception>
    public static HolidayFile Read(byte[] file)
    {
        if (file.Length == 0)
        {
            throw Refused("holidays.empty");
        }

        if (file.Length > MostBytes)
        {
            throw Refused("holidays.too_large", MostBytes / 1000);
        }

        if (file.Contains((byte)0) || CsvText.Decode(file) is not { } text)
        {
            throw Refused("holidays.not_text");
        }

        var rows = CsvText.Read(text);
        if (rows.Count == 0)
        {
            throw Refused("holidays.empty");
        }

        if (rows[0] is not { IsMalformed: false, Count: 2 } header || header[0].Trim() != HeaderDay || header[1].Trim() != HeaderName)
        {
            throw Refused("holidays.header", $"{HeaderDay},{HeaderName}");
        }

        var named = new SortedDictionary<DateOnly, string>();
        foreach (var row in rows.Skip(1))
        {
            var (day, name) = Of(row);
            if (!named.TryAdd(day, name))
            {
                throw Refused("holidays.twice", row.Line, JapaneseDate.Long(day));
            }
        }

        if (named.Count == 0)
        {
            throw Refused("holidays.no_rows");
        }

        var last = Math.Max(named.Keys.Max().Year, NationalCalendar.FirstYear);
        for (var year = NationalCalendar.FirstYear; year <= last; year++)
        {
            if (named.Keys.Count(d => d.Year == year) is var count && count < (year < RulesFrom ? FewestDays : NationalCalendar.ByRule(year).Count))
            {
                throw Refused("holidays.cut_off", year, count);
            }
        }

        List<Holiday> kept = [.. named.Where(d => d.Key.Year >= NationalCalendar.FirstYear).Select(d => Classified(d.Key, d.Value, named))];
        return new(kept, named.Count - kept.Count);
    }

    private static (DateOnly Day, string Name) Of(CsvRow row)
    {
        // A spreadsheet pads a short row with an empty column.
        if (row.IsMalformed || row.Count < 2 || row.Skip(2).Any(f => f.Trim().Length > 0))
        {
            throw Refused("holidays.row", row.Line);
        }

        if (!DateOnly.TryParseExact(row[0].Trim(), ["yyyy/M/d", "yyyy-M-d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw Refused("holidays.impossible_date", row.Line, Shown(row[0]));
        }

        var name = row[1].Trim();
        return name.Length is > 0 and <= LongestName && !Unspeakable().IsMatch(name) ? (day, name) : throw Refused("holidays.name", row.Line);
    }

    // 祝日法 3条: a Sunday's substitute is the nearest later day that is no holiday; the day between two holidays is 国民の休日.
    private static Holiday Classified(DateOnly day, string name, SortedDictionary<DateOnly, string> all)
    {
        if (name is not ("休日" or "振替休日" or "国民の休日"))
        {
            return Holidays.Named(day, name);
        }

        var before = day.AddDays(-1);
        while (all.TryGetValue(before, out var other) && other != name && before.DayOfWeek != DayOfWeek.Sunday)
        {
            before = before.AddDays(-1);
        }

        var substitutes = before.DayOfWeek == DayOfWeek.Sunday && all.TryGetValue(before, out var sunday) && sunday != name;
        return substitutes ? new(day, DayKind.Substitute, "振替休日") : new(day, DayKind.Citizens, "国民の休日");
    }

    private static string Shown(string typed) => typed.Length <= 20 ? typed : typed[..20] + "…";

    private static InvalidInput Refused(string code, params object?[] args) => new("file", code, args);

    [GeneratedRegex(@"[\p{Cc}\p{Cn}\p{Co}]", RegexOptions.CultureInvariant)]
    private static partial Regex Unspeakable();
}
