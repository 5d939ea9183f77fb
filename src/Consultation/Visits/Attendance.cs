using Consultation.Experts;
using Consultation.Messaging;

namespace Consultation.Visits;

/// <summary>How an expert comes to a visit.</summary>
/// <param name="Before">The visit the expert comes from straight; from home where null.</param>
/// <param name="After">The visit the expert goes on to straight, leaving this one for it at <paramref name="LeavesForNext"/>.</param>
public sealed record Attendance(ExpertId Expert, DateTimeOffset Leave, DateTimeOffset Back, TimeSpan OneWay, BusyTime? Before, BusyTime? After, DateTimeOffset? LeavesForNext)
{
    /// <summary>When the expert would go home instead of coming straight from the visit before; null where the expert stays there anyway, or comes from home.</summary>
    public DateTimeOffset? TurnsHome { get; init; }

    /// <summary>After that the expert is on the way to somewhere else, or would have had to set out already.</summary>
    public DateTimeOffset DecidedBy => TurnsHome + Travel.Slack is { } turns && turns < Leave ? turns : Leave;

    /// <summary>What its row in the diary blocks. The rows of both neighbours make room.</summary>
    internal async Task<VisitPeriod> TakeAsync(ExpertDiary diary, VisitPlan plan, CancellationToken cancellationToken)
    {
        if (Before is not null)
        {
            var packed = Before.Ends + Travel.Slack;
            await diary.GoOnAsync(Before, null, packed < Leave ? packed : Leave, cancellationToken);
        }

        if (After is not null)
        {
            await diary.GoOnAsync(After, LeavesForNext, null, cancellationToken);
        }

        return new(plan.Start, plan.End, Leave, Back);
    }
}
