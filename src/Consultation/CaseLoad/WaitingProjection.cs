using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.CaseLoad;

/// <summary>What the rows of the last weeks say of one ministry's side of one district.</summary>
/// <param name="Waiting">Tracks that wait for an expert now.</param>
/// <param name="Arrived">Tracks of the cases received in the weeks that are counted.</param>
/// <param name="Taken">Tracks that each expert took on (受諾) in those weeks.</param>
public sealed record WaitingLane(string District, Track Track, int Waiting, int Arrived, IReadOnlyDictionary<ExpertId, int> Taken)
{
    public int TakenByAll => Taken.Values.Sum();
}

/// <summary>The question: who is away when, and who comes in addition.</summary>
/// <param name="CountedDays">Business days of the weeks that are counted.</param>
/// <param name="DaysBefore">Business days from today until the change begins.</param>
/// <param name="DaysDuring">Business days it lasts.</param>
/// <param name="Added">Null for nobody.</param>
public sealed record WaitingChange(int CountedDays, int DaysBefore, int DaysDuring, IReadOnlySet<ExpertId> Away, AddedExpert? Added = null);

/// <summary>One more expert from the beginning of the period on, who stays.</summary>
/// <param name="Districts">Slugs; null for the whole country.</param>
public sealed record AddedExpert(Affiliation Affiliation, IReadOnlyCollection<string>? Districts)
{
    internal bool Covers(WaitingLane lane) =>
        (Affiliation == Affiliation.Both || (Affiliation == Affiliation.Mic) == (lane.Track == Track.Mic)) && (Districts is null || Districts.Contains(lane.District));
}

/// <summary>The estimate for one lane; days are business days until somebody takes on a track that comes then, null where nobody took one on in the weeks counted.</summary>
/// <param name="Today">With everybody at work.</param>
/// <param name="Usual">At the end of the period if nothing changes.</param>
/// <param name="Changed">At the end of the period with the change.</param>
/// <param name="WaitingThen">Tracks that wait at the end of the period with the change.</param>
public sealed record ProjectedLane(
    string District, Track Track, int Waiting, double ArrivedPerDay, double TakenPerDay, double? Today, double? Usual, double? Changed, double WaitingThen);

/// <summary>
/// A queue with a steady inflow and a steady outflow (P24): what came and what was taken on in the last weeks, per business day, goes on as it
/// was. Whoever is away takes on nothing; nobody else takes on more instead. The wait is what lies ahead in the queue, divided by what is taken on
/// in a day. Pure.
/// </summary>
public static class WaitingProjection
{
    public static IReadOnlyList<ProjectedLane> Of(IReadOnlyList<WaitingLane> lanes, WaitingChange change)
    {
        var more = ShareOfAdded(lanes, change);
        return [.. lanes.Select(lane =>
        {
            var (came, taken) = ((double)lane.Arrived / change.CountedDays, (double)lane.TakenByAll / change.CountedDays);
            var away = (double)lane.Taken.Where(t => change.Away.Contains(t.Key)).Sum(t => t.Value) / change.CountedDays;
            var added = more.GetValueOrDefault(lane);
            var before = After(lane.Waiting, came - taken, change.DaysBefore);
            var changed = After(before, came - (taken - away + added), change.DaysDuring);
            return new ProjectedLane(
                lane.District, lane.Track, lane.Waiting, came, taken, Days(lane.Waiting, taken), Days(After(before, came - taken, change.DaysDuring), taken), Days(changed, taken + added),
                Math.Round(changed, 1));
        })];
    }

    private static double After(double waiting, double growth, int days) => Math.Max(0, waiting + (growth * days));

    private static double? Days(double waiting, double taken) => waiting == 0 ? 0 : taken == 0 ? null : Math.Round(waiting / taken, 1);

    /// <summary>The added expert takes on what one expert took on in the mean, in the covered lanes by their inflow.</summary>
    private static Dictionary<WaitingLane, double> ShareOfAdded(IReadOnlyList<WaitingLane> lanes, WaitingChange change)
    {
        var experts = lanes.SelectMany(l => l.Taken.Where(t => t.Value > 0).Select(t => t.Key)).Distinct().Count();
        var covered = change.Added is { } added ? lanes.Where(added.Covers).ToList() : [];
        if (experts == 0 || covered.Count == 0)
        {
            return [];
        }

        var mean = (double)lanes.Sum(l => l.TakenByAll) / experts / change.CountedDays;
        var inflow = covered.Sum(l => l.Arrived);
        return covered.ToDictionary(l => l, l => mean * (inflow == 0 ? 1.0 / covered.Count : (double)l.Arrived / inflow));
    }
}
