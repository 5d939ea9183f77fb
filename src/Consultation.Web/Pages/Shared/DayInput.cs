namespace Consultation.Web.Pages.Shared;

/// <summary>A date as three texts, exactly as typed; full-width figures are accepted.</summary>
public sealed class DayInput
{
    public string? Year { get; set; }
    public string? Month { get; set; }
    public string? Day { get; set; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Year) && string.IsNullOrWhiteSpace(Month) && string.IsNullOrWhiteSpace(Day);

    public static DayInput Of(DateOnly date) => new() { Year = $"{date.Year}", Month = $"{date.Month}", Day = $"{date.Day}" };

    /// <summary>The date, or null when the three texts are no day of the calendar.</summary>
    public DateOnly? Read() =>
        Typed.Number(Year) is { } year && Typed.Number(Month) is { } month && Typed.Number(Day) is { } day
        && year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month)
            ? new DateOnly((int)year, (int)month, (int)day)
            : null;
}
