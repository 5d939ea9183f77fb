using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Routing.Board;

/// <summary>A waiting track with the verdicts on everybody for it.</summary>
/// <param name="DueAt">Of its assignment; null where no clock runs.</param>
internal sealed record JudgedNeed(Case Case, Track Track, DateTimeOffset? DueAt, Urgency Urgency, Match Match);

/// <summary>
/// Makes both proposals out of the verdicts: pure, so that the same data give the same plan. The weights are our own: a point of the match is ten units,
/// three minutes on the way are one, and a place costs more the fuller its expert is, up to <see cref="FullPlace"/> for the last one.
/// </summary>
internal static class Proposals
{
    private const string Weights = "board-1";
    private const int Point = 10;
    private const int MinutesOfUnit = 3;
    private const int FullPlace = 200;
    private const int OnePersonBonus = 15 * Point;

    public static string Version => $"{Weights}/{Matching.Version}";

    /// <param name="needs">The most urgent first.</param>
    public static PlanContent Of(IEnumerable<JudgedNeed> needs, int more, IReadOnlyList<LeftOutCase> leftOut, DateOnly today, NationalCalendar national)
    {
        var maker = new PlanMaker(today, national);
        foreach (var need in needs)
        {
            maker.Add(need);
        }

        return maker.Make(more, leftOut);
    }

    /// <summary>What an expert costs for a need, less being better.</summary>
    public static Fit FitOf(Verdict verdict, ExpertFacts known) =>
        new(verdict.Expert, (known.TravelMinutes / MinutesOfUnit) - (Point * verdict.Score!.Value), !known.HasOtherTrack);

    public static Backlog BacklogOf(IReadOnlyList<Need> needs, IReadOnlyList<PlanExpert> experts)
    {
        var places = experts.Select(e => new ExpertPlaces(e.Id, [.. Enumerable.Range(1, Math.Max(0, e.Capacity - e.Load)).Select(more => PlaceCost(e.Load + more, e.Capacity))])).ToList();
        return new(Assignment.Urgency.OldestFirst(needs, places, OnePersonBonus), places, OnePersonBonus);
    }

    /// <summary>Rises with every place by the same amount, so that a sum of them grows with the square of the load: even is cheapest.</summary>
    private static long PlaceCost(int load, int capacity) => (long)FullPlace * ((2 * load) - 1) / (2 * capacity);
}
