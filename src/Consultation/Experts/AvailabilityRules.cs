using Consultation.Messaging;
using FluentValidation;

namespace Consultation.Experts;

/// <summary>The shape of working patterns, wherever they are typed: forward stretches that do not overlap on one weekday.</summary>
internal static class AvailabilityRules
{
    private const int MostStretches = 50;
    private const int MostTracks = 100;

    public static IRuleBuilderOptions<T, IReadOnlyList<WorkingHours>?> WeeklyPattern<T>(this IRuleBuilder<T, IReadOnlyList<WorkingHours>?> rule) =>
        rule
            .Must(h => h is null || h.Count <= MostStretches).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostStretches })
            .Must(h => h is null || h.All(w => w is not null && Enum.IsDefined(w.Weekday))).WithErrorCode("field.required")
            .Must(h => Reversed(h) is null).WithErrorCode("expert.hours_reversed").WithState((_, h) => new object?[] { NameOf(Reversed(h)) })
            .Must(h => Overlapping(h) is null).WithErrorCode("expert.hours_overlap").WithState((_, h) => new object?[] { NameOf(Overlapping(h)) });

    public static IRuleBuilderOptions<T, int?> Capacity<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(c => c is null or (>= 0 and <= MostTracks)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostTracks });

    public static IRuleBuilderOptions<T, IReadOnlyList<VisitMode>?> Modes<T>(this IRuleBuilder<T, IReadOnlyList<VisitMode>?> rule) =>
        rule.Must(m => m is null || (m.Count > 0 && m.All(Enum.IsDefined))).WithErrorCode("field.required");

    private static DayOfWeek? Reversed(IReadOnlyList<WorkingHours>? hours) => hours?.FirstOrDefault(w => w is not null && w.From >= w.To)?.Weekday;

    private static DayOfWeek? Overlapping(IReadOnlyList<WorkingHours>? hours) =>
        hours?.Where(w => w is not null).GroupBy(w => w.Weekday).FirstOrDefault(day => !IsApart(day))?.Key;

    private static string NameOf(DayOfWeek? weekday) => weekday is { } day && Enum.IsDefined(day) ? $"{"日月火水木金土"[(int)day]}曜日" : "";

    private static bool IsApart(IEnumerable<WorkingHours> day)
    {
        var ordered = day.OrderBy(w => w.From).ToList();
        return ordered.Zip(ordered.Skip(1)).All(pair => pair.First.To <= pair.Second.From);
    }
}
