using System.Globalization;

namespace Consultation.Reference;

/// <summary>A body or scheme a client may be referred to, as it is called in its period of validity (both days inclusive, null = open).</summary>
public sealed record ReferralTarget(string Key, string NameJa, DateOnly? From, DateOnly? To, string Note)
{
    public bool IsValidOn(DateOnly date) => !(date < From) && !(date > To);
}

/// <summary>Referral targets by version: names and conditions change, old cases keep the version of their day.</summary>
public static class ReferralTargets
{
    public static IReadOnlyList<ReferralTarget> All { get; } =
        [.. CsvText.Embedded("referral-targets.csv").Select(row => new ReferralTarget(row[0], row[1], Day(row[2]), Day(row[3]), row[4]))];

    /// <summary>Null for an unknown key and on a day on which no version is valid.</summary>
    public static ReferralTarget? Find(string? key, DateOnly on) => All.FirstOrDefault(target => target.Key == key && target.IsValidOn(on));

    public static IReadOnlyList<ReferralTarget> On(DateOnly date) => [.. All.Where(target => target.IsValidOn(date))];

    private static DateOnly? Day(string text) =>
        text.Length == 0 ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
