using System.Globalization;
using FluentValidation;

namespace Consultation.Cases;

/// <summary>
/// When the client would like the visit to be; Japan time. The whole day where no time is told, from or until a time where only one is. A case has
/// three at most, in the client's order (第1希望 to 第3希望).
/// </summary>
public sealed record VisitWish(DateOnly Date, TimeOnly? From = null, TimeOnly? Until = null)
{
    public const int Most = 3;

    /// <summary>True where a period lies in it as a whole.</summary>
    public bool Holds(DateOnly date, TimeOnly start, TimeOnly end) => date == Date && (From is null || From <= start) && (Until is null || end <= Until);

    /// <summary>As stored: <c>2026-12-03 10:00 -</c>.</summary>
    internal string Stored() => string.Create(CultureInfo.InvariantCulture, $"{Date:yyyy-MM-dd} {Of(From)} {Of(Until)}");

    internal static VisitWish Read(string stored)
    {
        var parts = stored.Split(' ');
        return new(DateOnly.ParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), TimeOf(parts[1]), TimeOf(parts[2]));
    }

    private static string Of(TimeOnly? time) => time is { } told ? told.ToString("HH:mm", CultureInfo.InvariantCulture) : "-";

    private static TimeOnly? TimeOf(string text) => text == "-" ? null : TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}

internal static class VisitWishRules
{
    public static IRuleBuilderOptions<T, IReadOnlyList<VisitWish>?> Wishes<T>(this IRuleBuilder<T, IReadOnlyList<VisitWish>?> rule) => rule
        .Must(w => w is null || w.Count <= VisitWish.Most).WithErrorCode("wish.too_many")
        .Must(w => w is null || w.All(one => one is not null && one.Date.Year is >= 2019 and <= 2045)).WithErrorCode("field.impossible_date")
        .Must(w => w is null || w.Where(one => one is not null).All(one => one.From is null || one.Until is null || one.From < one.Until)).WithErrorCode("wish.reversed")
        .Must(w => w is null || w.Distinct().Count() == w.Count).WithErrorCode("wish.twice");
}
