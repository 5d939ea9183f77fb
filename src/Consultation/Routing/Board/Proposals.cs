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
    public static PlanContent Of(IReadOnlyList<JudgedNeed> needs, int more, IReadOnlyList<LeftOutCase> leftOut, DateOnly today)
    {
        var facts = needs.SelectMany(n => n.Match.Facts).GroupBy(f => f.Expert).OrderBy(g => g.Key.Value).Select(g => g.First()).ToList();
        var could = needs.SelectMany(n => n.Match.Verdicts).Where(v => v.IsEligible).Select(v => v.Expert).ToHashSet();
        // Whoever has the other track of a case has that case in hand, though it is not counted for this need.
        var experts = facts.ConvertAll(f => new PlanExpert(f.Expert, f.Name, f.Load + (f.HasOtherTrack ? 1 : 0), f.Capacity, could.Contains(f.Expert)));
        var at = experts.Select((e, place) => (e.Id, place)).ToDictionary(e => e.Id, e => e.place);
        var texts = new Dictionary<PlanText, int>();
        var told = needs.Select(n => Tell(n, experts.Count, at, texts, today)).ToList();

        var places = experts.ConvertAll(e => new ExpertPlaces(e.Id, [.. Enumerable.Range(1, Math.Max(0, e.Capacity - e.Load)).Select(more => PlaceCost(e.Load + more, e.Capacity))]));
        var backlog = new Backlog(Assignment.Urgency.OldestFirst([.. needs.Select(NeedOf)], places, OnePersonBonus), places, OnePersonBonus);
        return new(
            experts, [.. texts.Keys], told, more, leftOut, SpreadOf(experts, _ => 0), Weigh(Assignment.Greedy.Of(backlog), needs, experts, at, told),
            Weigh(Optimum.Of(backlog), needs, experts, at, told));
    }

    /// <summary>Rises with every place by the same amount, so that a sum of them grows with the square of the load: even is cheapest.</summary>
    private static long PlaceCost(int load, int capacity) => (long)FullPlace * ((2 * load) - 1) / (2 * capacity);

    private static Need NeedOf(JudgedNeed need)
    {
        var facts = need.Match.Facts.ToDictionary(f => f.Expert);
        return new(need.Case.Id, need.Track, 0, [.. need.Match.Verdicts.Where(v => v.IsEligible).Select(v => facts[v.Expert] is var known
            ? new Fit(v.Expert, (known.TravelMinutes / MinutesOfUnit) - (Point * v.Score!.Value), !known.HasOtherTrack) : default)]);
    }

    private static PlanNeed Tell(JudgedNeed need, int experts, Dictionary<ExpertId, int> at, Dictionary<PlanText, int> texts, DateOnly today)
    {
        var scores = new int?[experts];
        var why = new IReadOnlyList<int>[experts];
        foreach (var verdict in need.Match.Verdicts)
        {
            var said = verdict.IsEligible ? verdict.Reasons.Select(r => new PlanText(null, r)) : verdict.Excluded.Select(x => new PlanText(x.Code, x.Text));
            scores[at[verdict.Expert]] = verdict.Score;
            why[at[verdict.Expert]] = [.. said.Select(text => texts.TryGetValue(text, out var known) ? known : texts[text] = texts.Count)];
        }

        // The points themselves grow with every hour; what they come from is what people read.
        var pressing = need.Urgency.Parts.Where(p => p.Code != "waiting").Select(p => p.Text).ToList();
        return new(need.Case.Id, need.Case.Number, need.Track, need.Case.ReceivedAt, need.DueAt, WaitingAges.Of(JapanTime.DateOf(need.Case.ReceivedAt), today), pressing, scores, why);
    }

    private static Proposal Weigh(AssignmentPlan plan, IReadOnlyList<JudgedNeed> needs, List<PlanExpert> experts, Dictionary<ExpertId, int> at, List<PlanNeed> told)
    {
        var placed = plan.Placements.ToDictionary(p => (p.Case, p.Track));
        var choices = needs.Select(n => placed[(n.Case.Id, n.Track)].Expert is { } chosen
            ? new PlanChoice(at[chosen], n.Match.Facts.Single(f => f.Expert == chosen).TravelMinutes) : null).ToList();
        var left = told.Where((_, n) => choices[n] is null).ToList();
        var added = plan.Totals.Experts.ToDictionary(e => e.Expert, e => e.NewCases);
        return new(
            choices, needs.Count - left.Count, left.Count, told.Select((n, i) => choices[i] is { } c ? n.Scores[c.Expert]!.Value : 0).Sum(), plan.Totals.Cost, plan.Totals.OnePersonCases,
            choices.Sum(c => c?.TravelMinutes ?? 0), left.Sum(n => n.Waited), left.Select(n => n.Waited).DefaultIfEmpty().Max(), SpreadOf(experts, e => added.GetValueOrDefault(e.Id)),
            plan.LowerBound);
    }

    private static Spread SpreadOf(IEnumerable<PlanExpert> experts, Func<PlanExpert, int> added) =>
        Spread.Of([.. experts.Where(e => e.Could && e.Capacity > 0).Select(e => (e.Load + added(e), e.Capacity))]);
}
