using System.Text.Json.Serialization;
using Consultation.Messaging;

namespace Consultation.Experts;

/// <summary>One stretch of the weekly pattern, Japan time, half-open.</summary>
/// <param name="Modes">Only these ways of consulting in that time; every way the expert offers where null or empty.</param>
public sealed record WorkingHours(
    DayOfWeek Weekday, TimeOnly From, TimeOnly To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<VisitMode>? Modes = null)
{
    /// <summary>月–金 9:00–17:00, where nothing else was told.</summary>
    public static IReadOnlyList<WorkingHours> Usual { get; } =
        [.. Enum.GetValues<DayOfWeek>().Where(d => d is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).Select(d => new WorkingHours(d, new(9, 0), new(17, 0)))];
}

/// <summary>Hours of one day only: an extra day, or other hours than the weekday's; Japan time, half-open.</summary>
public sealed record DayHours(
    DateOnly Date, TimeOnly From, TimeOnly To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<VisitMode>? Modes = null);

/// <summary>Working time of some day, whatever it comes from; half-open, Japan time.</summary>
public sealed record WorkingStretch(TimeOnly From, TimeOnly To, IReadOnlyList<VisitMode>? Modes = null)
{
    public bool Allows(VisitMode mode) => Modes is null or { Count: 0 } || Modes.Contains(mode);
}

/// <summary>The stored row of a <see cref="WorkingHours"/>.</summary>
public sealed class ExpertHours(ExpertId expertId, DayOfWeek weekday, TimeOnly starts, TimeOnly ends, VisitMode[] modes)
{
    public ExpertHoursId Id { get; private set; } = ExpertHoursId.New();
    public ExpertId ExpertId { get; private set; } = expertId;

    /// <summary>0 is Sunday.</summary>
    public DayOfWeek Weekday { get; private set; } = weekday;
    public TimeOnly Starts { get; private set; } = starts;
    public TimeOnly Ends { get; private set; } = ends;

    /// <summary>Empty: every way the expert offers.</summary>
    public VisitMode[] Modes { get; private set; } = modes;
}

/// <summary>The stored row of a <see cref="DayHours"/>.</summary>
public sealed class ExpertDay(ExpertId expertId, DateOnly worksOn, TimeOnly starts, TimeOnly ends, VisitMode[] modes)
{
    public ExpertDayId Id { get; private set; } = ExpertDayId.New();
    public ExpertId ExpertId { get; private set; } = expertId;
    public DateOnly WorksOn { get; private set; } = worksOn;
    public TimeOnly Starts { get; private set; } = starts;
    public TimeOnly Ends { get; private set; } = ends;

    /// <summary>Empty: every way the expert offers.</summary>
    public VisitMode[] Modes { get; private set; } = modes;
}

public readonly record struct ExpertHoursId(Guid Value) : IStrongId<ExpertHoursId>
{
    public static ExpertHoursId New() => new(Guid.CreateVersion7());
    public static ExpertHoursId From(Guid value) => new(value);
    public static ExpertHoursId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertHoursId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertHoursId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}

public readonly record struct ExpertDayId(Guid Value) : IStrongId<ExpertDayId>
{
    public static ExpertDayId New() => new(Guid.CreateVersion7());
    public static ExpertDayId From(Guid value) => new(value);
    public static ExpertDayId Parse(string s, IFormatProvider? provider) => StrongId.Parse<ExpertDayId>(s);
    public static bool TryParse(string? s, IFormatProvider? provider, out ExpertDayId result) => StrongId.TryParse(s, out result);
    public override string ToString() => Value.ToString();
}
