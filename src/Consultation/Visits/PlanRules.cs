using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using FluentValidation;

namespace Consultation.Visits;

/// <summary>The shape of a period, the same for booking and moving (issue: reversed, zero, too long, across midnight → 422).</summary>
internal static class PlanRules
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);

    public static void Period<T>(this AbstractValidator<T> validator, Func<T, DateTimeOffset?> start, Func<T, DateTimeOffset?> end)
    {
        validator.RuleFor(r => start(r)).NotNull().WithErrorCode("field.required").PossibleInstant().OverridePropertyName("Start");
        validator.RuleFor(r => end(r)).NotNull().WithErrorCode("field.required").PossibleInstant().OverridePropertyName("End");
        validator.RuleFor(r => r).Must(r => start(r) < end(r)).WithErrorCode("visit.reversed").OverridePropertyName("End")
            .When(r => start(r) is not null && end(r) is not null);
        validator.RuleFor(r => r).Must(r => end(r) - start(r) >= Shortest).WithErrorCode("visit.too_short").OverridePropertyName("End")
            .When(r => start(r) < end(r));
        validator.RuleFor(r => r).Must(r => start(r)!.Value.UtcTicks % TimeSpan.TicksPerMinute == 0 && end(r)!.Value.UtcTicks % TimeSpan.TicksPerMinute == 0)
            .WithErrorCode("visit.not_to_the_minute").OverridePropertyName("Start").When(r => start(r) < end(r));
        validator.RuleFor(r => r).Must(r => end(r) - start(r) <= Longest).WithErrorCode("visit.too_long").OverridePropertyName("End")
            .When(r => start(r) < end(r));
        validator.RuleFor(r => r).Must(r => JapanTime.DateOf(start(r)!.Value) == JapanTime.DateOf(end(r)!.Value)).WithErrorCode("visit.across_midnight").OverridePropertyName("End")
            .When(r => start(r) < end(r) && end(r) - start(r) <= Longest);
    }

    /// <summary>The last instant at which a visit may begin; nothing behind it is offered.</summary>
    public static DateTimeOffset Furthest(DateTimeOffset now) => now.AddYears(1);

    /// <exception cref="InvalidInput">The period begins in the past or more than a year ahead.</exception>
    public static VisitPlan Checked(DateTimeOffset start, DateTimeOffset end, VisitMode mode, string? place, DateTimeOffset now)
    {
        if (start <= now)
        {
            throw new InvalidInput("start", "visit.in_past");
        }

        return start > Furthest(now) ? throw new InvalidInput("start", "visit.too_far") : new(JapanTime.ToJapan(start), JapanTime.ToJapan(end), mode, place);
    }
}
