using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;

namespace Consultation.Experts;

/// <summary>The shape of working time, wherever it is typed: forward stretches that do not overlap on one weekday or day.</summary>
internal static class AvailabilityRules
{
    private const int MostStretches = 50;
    private const int MostDays = 100;
    private const int MostTracks = 100;

    public static IRuleBuilderOptions<T, IReadOnlyList<WorkingHours>?> WeeklyPattern<T>(this IRuleBuilder<T, IReadOnlyList<WorkingHours>?> rule) =>
        rule
            .Must(h => h is null || h.Count <= MostStretches).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostStretches })
            .Must(h => h is null || h.All(w => w is not null && Enum.IsDefined(w.Weekday) && AreKnown(w.Modes))).WithErrorCode("field.required")
            .Must(h => Reversed(h, w => (w.From, w.To)) is null).WithErrorCode("expert.hours_reversed").WithState((_, h) => new object?[] { NameOf(Reversed(h, w => (w.From, w.To))?.Weekday) })
            .Must(h => Overlapping(h, w => w.Weekday, w => (w.From, w.To)) is null).WithErrorCode("expert.hours_overlap")
            .WithState((_, h) => new object?[] { NameOf(Overlapping(h, w => w.Weekday, w => (w.From, w.To))) });

    public static IRuleBuilderOptions<T, IReadOnlyList<DayHours>?> SingleDays<T>(this IRuleBuilder<T, IReadOnlyList<DayHours>?> rule) =>
        rule
            .Must(h => h is null || h.Count <= MostDays).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostDays })
            .Must(h => h is null || h.All(d => d is not null && AreKnown(d.Modes))).WithErrorCode("field.required")
            .Must(h => Reversed(h, d => (d.From, d.To)) is null).WithErrorCode("expert.hours_reversed").WithState((_, h) => new object?[] { NameOf(Reversed(h, d => (d.From, d.To))?.Date) })
            .Must(h => Overlapping(h, d => d.Date, d => (d.From, d.To)) is null).WithErrorCode("expert.hours_overlap")
            .WithState((_, h) => new object?[] { NameOf(Overlapping(h, d => d.Date, d => (d.From, d.To))) });

    /// <exception cref="InvalidInput">The day is past, more than a year ahead, or one on which nobody is visited.</exception>
    public static void DemandAhead(NationalCalendar national, DateOnly day, DateTimeOffset now, string field)
    {
        var today = JapanTime.DateOf(now);
        if (day < today)
        {
            throw new InvalidInput(field, "expert.day_past");
        }

        if (day > today.AddYears(1))
        {
            throw new InvalidInput(field, "expert.day_too_far");
        }

        if (national.ClosedReason(day) is { } reason)
        {
            throw new InvalidInput(field, "expert.day_closed", JapaneseDate.Short(day), reason);
        }
    }

    public static IRuleBuilderOptions<T, int?> Capacity<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(c => c is null or (>= 0 and <= MostTracks)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostTracks });

    public static IRuleBuilderOptions<T, IReadOnlyList<VisitMode>?> Modes<T>(this IRuleBuilder<T, IReadOnlyList<VisitMode>?> rule) =>
        rule.Must(m => m is null || (m.Count > 0 && m.All(Enum.IsDefined))).WithErrorCode("field.required");

    private static bool AreKnown(IReadOnlyList<VisitMode>? modes) => modes is null || modes.All(Enum.IsDefined);

    private static T? Reversed<T>(IReadOnlyList<T>? hours, Func<T, (TimeOnly From, TimeOnly To)> times) where T : class =>
        hours?.FirstOrDefault(h => h is not null && times(h) is var (from, to) && from >= to);

    private static TKey? Overlapping<T, TKey>(IReadOnlyList<T>? hours, Func<T, TKey> keyOf, Func<T, (TimeOnly From, TimeOnly To)> times) where T : class where TKey : struct =>
        hours?.Where(h => h is not null).GroupBy(keyOf).Where(day => !IsApart(day.Select(times))).Select(day => (TKey?)day.Key).FirstOrDefault();

    private static string NameOf(DayOfWeek? weekday) => weekday is { } day && Enum.IsDefined(day) ? $"{"日月火水木金土"[(int)day]}曜日" : "";

    private static string NameOf(DateOnly? date) => date is { } day ? JapaneseDate.Short(day) : "";

    private static bool IsApart(IEnumerable<(TimeOnly From, TimeOnly To)> day)
    {
        var ordered = day.OrderBy(w => w.From).ToList();
        return ordered.Zip(ordered.Skip(1)).All(pair => pair.First.To <= pair.Second.From);
    }
}
