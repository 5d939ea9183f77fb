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
            .Must(h => h is null || h.All(w => w is not null && Enum.IsDefined(w.Weekday) && w.From < w.To)).WithErrorCode("expert.period_reversed")
            .Must(h => h is null || h.Where(w => w is not null).GroupBy(w => w.Weekday).All(IsApart)).WithErrorCode("expert.hours_overlap");

    public static IRuleBuilderOptions<T, int?> Capacity<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(c => c is null or (>= 0 and <= MostTracks)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, MostTracks });

    public static IRuleBuilderOptions<T, IReadOnlyList<VisitMode>?> Modes<T>(this IRuleBuilder<T, IReadOnlyList<VisitMode>?> rule) =>
        rule.Must(m => m is null || (m.Count > 0 && m.All(Enum.IsDefined))).WithErrorCode("field.required");

    private static bool IsApart(IEnumerable<WorkingHours> day)
    {
        var ordered = day.OrderBy(w => w.From).ToList();
        return ordered.Zip(ordered.Skip(1)).All(pair => pair.First.To <= pair.Second.From);
    }
}
