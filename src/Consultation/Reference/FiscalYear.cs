using System.Globalization;

namespace Consultation.Reference;

/// <summary>
/// A Japanese fiscal year, 1 April to 31 March by the date in Japan, named after the calendar year in which it begins
/// (財政法 11条). 2027-03-31T15:00Z is already fiscal year 2027.
/// </summary>
public readonly record struct FiscalYear(int Year) : IComparable<FiscalYear>
{
    public static FiscalYear Of(DateOnly date) => new(date.Month >= 4 ? date.Year : date.Year - 1);

    public static FiscalYear Of(DateTimeOffset instant) => Of(JapanTime.DateOf(instant));

    public DateOnly First => new(Year, 4, 1);

    public DateOnly Last => new(Year + 1, 3, 31);

    public FiscalYear Next => new(Year + 1);

    public FiscalYear Previous => new(Year - 1);

    /// <summary>The code read aloud in case numbers: R08. The era is the one in force at the end of the calendar year.</summary>
    public string EraCode
    {
        get
        {
            var named = new DateOnly(Year, 12, 31);
            var table = Wareki.Table;
            return string.Create(CultureInfo.InvariantCulture, $"{table.At(named).Code}{table.YearOf(named):00}");
        }
    }

    /// <summary>令和8年度; the first one is 令和元年度.</summary>
    public string Label => $"{Wareki.FormatYear(Year)}度";

    public bool Contains(DateOnly date) => Of(date) == this;

    public int CompareTo(FiscalYear other) => Year.CompareTo(other.Year);

    public override string ToString() => Year.ToString(CultureInfo.InvariantCulture);
}
