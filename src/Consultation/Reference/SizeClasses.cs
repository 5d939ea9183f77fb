using System.Globalization;

namespace Consultation.Reference;

/// <summary>
/// A class of organisation size in regular employees, both bounds inclusive; <c>Confidence</c> says how sure the bounds
/// are. The classes do not follow the SME act: never read <see cref="SmeHint"/> from them.
/// </summary>
public sealed record SizeClass(
    string Code, string LabelJa, string LabelEn, int? MinEmployees, int? MaxEmployees, bool IsInSurvey, string Confidence);

/// <summary>Size classes. The number is stored, the class derived.</summary>
public static class SizeClasses
{
    public static IReadOnlyList<SizeClass> All { get; } =
        [.. CsvText.Embedded("size-classes.csv").Select(row =>
            new SizeClass(row[0], row[1], row[2], Bound(row[3]), Bound(row[4]), row[5] == "true", row[6]))];

    public static SizeClass Unknown { get; } = All.Single(size => size.MinEmployees is null);

    /// <summary>Unknown without a number or below one.</summary>
    public static SizeClass Of(int? employees) =>
        All.FirstOrDefault(size => size.MinEmployees <= employees && employees <= (size.MaxEmployees ?? int.MaxValue)) ?? Unknown;

    private static int? Bound(string text) => text.Length == 0 ? null : int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A class of capital in yen, the upper bound exclusive; <c>Confidence</c> says how sure the bounds are.</summary>
public sealed record CapitalClass(string Code, string LabelJa, string LabelEn, long? MinYen, long? MaxYenExclusive, string Confidence);

/// <summary>Capital classes. The number is stored, the class derived.</summary>
public static class CapitalClasses
{
    public static IReadOnlyList<CapitalClass> All { get; } =
        [.. CsvText.Embedded("capital-classes.csv").Select(row => new CapitalClass(row[0], row[1], row[2], Bound(row[3]), Bound(row[4]), row[5]))];

    public static CapitalClass None { get; } = All.Single(capital => capital.Code == "NONE");

    public static CapitalClass Unknown { get; } = All.Single(capital => capital.Code == "UNKNOWN");

    /// <summary>Zero means that there is no capital; unknown without a number or below zero.</summary>
    public static CapitalClass Of(long? yen) =>
        yen == 0
            ? None
            : All.FirstOrDefault(capital => capital.MinYen <= yen && (capital.MaxYenExclusive is null || yen < capital.MaxYenExclusive)) ?? Unknown;

    private static long? Bound(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);
}
