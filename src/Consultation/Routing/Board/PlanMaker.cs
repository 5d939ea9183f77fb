using System.Globalization;
using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing.Assignment;
using Consultation.Topics;

namespace Consultation.Routing.Board;

/// <summary>
/// Takes the judged needs one after the other, the most urgent first, and keeps of each pair of need and expert its points and where its sentences stand: some twenty
/// bytes instead of the kilobytes of facts, parts and texts, because a board has a million pairs. What most pairs say, many say alike.
/// </summary>
internal sealed class PlanMaker(DateOnly today, NationalCalendar national)
{
    private readonly Dictionary<PlanText, int> texts = [];
    private readonly Dictionary<string, int[]> said = [];
    private readonly List<PlanNeed> told = [];
    private readonly List<Need> needs = [];
    private readonly List<int[]> minutes = [];
    private readonly Dictionary<ExpertId, int> at = [];
    private readonly List<PlanExpert> experts = [];

    /// <param name="judged">Of the same experts as all others.</param>
    public void Add(JudgedNeed judged)
    {
        if (told.Count == 0)
        {
            // Whoever has the other track of a case has that case in hand, though it is not counted for this need.
            experts.AddRange(judged.Match.Facts.OrderBy(f => f.Expert.Value).Select(f => new PlanExpert(f.Expert, f.Name, f.Load + (f.HasOtherTrack ? 1 : 0), f.Capacity, false)));
            foreach (var expert in experts)
            {
                at.Add(expert.Id, at.Count);
            }
        }

        var facts = new ExpertFacts[experts.Count];
        foreach (var known in judged.Match.Facts)
        {
            facts[at[known.Expert]] = known;
        }

        var scores = new int?[experts.Count];
        var why = new IReadOnlyList<int>[experts.Count];
        var fits = new List<Fit>();
        foreach (var verdict in judged.Match.Verdicts)
        {
            var place = at[verdict.Expert];
            scores[place] = verdict.Score;
            why[place] = Said(verdict);
            if (verdict.IsEligible)
            {
                experts[place] = experts[place] with { Could = true };
                fits.Add(Proposals.FitOf(verdict, facts[place]));
            }
        }

        // The points themselves grow with every hour; what they come from is what people read.
        var pressing = judged.Urgency.Parts.Where(p => p.Code != "waiting").Select(p => p.Text).ToList();
        told.Add(new(
            judged.Case.Id, judged.Case.Number, judged.Track, judged.Case.ReceivedAt, judged.DueAt, WaitingAges.Of(national, JapanTime.DateOf(judged.Case.ReceivedAt), today), pressing, scores, why));
        needs.Add(new(judged.Case.Id, judged.Track, 0, fits));
        minutes.Add(Array.ConvertAll(facts, f => f.TravelMinutes));
    }

    public PlanContent Make(int more, IReadOnlyList<LeftOutCase> leftOut)
    {
        var backlog = Proposals.BacklogOf(needs, experts);
        return new(experts, [.. texts.Keys], told, more, leftOut, SpreadOf(_ => 0), Weigh(Greedy.Of(backlog)), Weigh(Optimum.Of(backlog)));
    }

    private int[] Said(Verdict verdict)
    {
        int[] places = verdict.IsEligible ? [.. verdict.Reasons.Select(r => PlaceOf(new(null, r)))] : [.. verdict.Excluded.Select(x => PlaceOf(new(x.Code, x.Text)))];
        var key = string.Join(',', places.Select(p => p.ToString(CultureInfo.InvariantCulture)));
        return said.TryGetValue(key, out var known) ? known : said[key] = places;
    }

    private int PlaceOf(PlanText text) => texts.TryGetValue(text, out var known) ? known : texts[text] = texts.Count;

    private Proposal Weigh(AssignmentPlan plan)
    {
        var placed = plan.Placements.ToDictionary(p => (p.Case, p.Track));
        var choices = needs.Select((n, i) => placed[(n.Case, n.Track)].Expert is { } chosen ? new PlanChoice(at[chosen], minutes[i][at[chosen]]) : null).ToList();
        var left = told.Where((_, n) => choices[n] is null).ToList();
        var added = plan.Totals.Experts.ToDictionary(e => e.Expert, e => e.NewCases);
        return new(
            choices, needs.Count - left.Count, left.Count, told.Select((n, i) => choices[i] is { } c ? n.Scores[c.Expert]!.Value : 0).Sum(), plan.Totals.Cost, plan.Totals.OnePersonCases,
            choices.Sum(c => c?.TravelMinutes ?? 0), left.Sum(n => n.Waited), left.Select(n => n.Waited).DefaultIfEmpty().Max(), SpreadOf(e => added.GetValueOrDefault(e.Id)),
            plan.LowerBound);
    }

    private Spread SpreadOf(Func<PlanExpert, int> added) =>
        Spread.Of([.. experts.Where(e => e.Could && e.Capacity > 0).Select(e => (e.Load + added(e), e.Capacity))]);
}
