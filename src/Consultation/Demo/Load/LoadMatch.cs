using Consultation.Cases;
using Consultation.Experts;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Topics;

namespace Consultation.Demo;

/// <summary>
/// Why an offer of a load went where it went: judged by the real rules over a short list. The product keeps every expert of the house in each
/// decision; for a load of thousands of experts that would be megabytes a case.
/// </summary>
internal static class LoadMatch
{
    private const int Others = 2;

    public static MatchDecision Decide(Case found, Offer offer, LoadExpert chosen, IReadOnlyList<LoadExpert> candidates, Occasion occasion, LoadRandom random)
    {
        var lead = offer.Track == Track.Mic ? TopicLead.Mic : TopicLead.Mhlw;
        var topics = found.Topics.Where(t => TopicCatalogue.Find(t) is { } topic && (topic.Lead == lead || topic.Lead == TopicLead.Both)).ToList();
        var visitBy = JapanTime.DateOf(occasion.ByDays(occasion.Programme.AcceptanceDays + occasion.Programme.FirstVisitDays).Due);
        var need = new CaseNeed(offer.Track, found.District, found.Prefecture, found.PreferredMode, topics, found.Industry, occasion.Today, visitBy, null);
        var facts = Enumerable.Range(0, Others).Select(_ => random.Pick(candidates)).Prepend(chosen).DistinctBy(e => e.Expert.Id)
            .Select(e => FactsOf(e.Expert, need, random.Next(e.Expert.Capacity / 2))).ToList();
        var verdicts = Matching.Judge(need, facts);
        return new(offer, verdicts[0].Expert == offer.ExpertId, need, facts, verdicts);
    }

    private static ExpertFacts FactsOf(Expert e, CaseNeed need, int load) => new(
        e.Id, e.Name, e.Affiliation, e.Active, e.TermFrom, e.TermTo, e.BasePrefecture, e.Covers(need.Prefecture), true,
        need.Topics.Where(t => e.LevelOf(t) > 0).ToDictionary(t => t, e.LevelOf),
        (int)Travel.Padding(e.BasePrefecture, need.Prefecture, need.Mode ?? VisitMode.Visit).TotalMinutes,
        need.Industry is { } industry && e.Industries.Contains(industry), load, e.Capacity, true, false, true, [], 0, null, 0);
}
