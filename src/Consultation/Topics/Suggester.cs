using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>
/// Reads topics, tracks, referrals and standard answers out of a caller's words by a <see cref="RuleBase"/>. Compiled once,
/// immutable and safe for many threads; the time grows linearly with the text. Source: design §2, domain §5.
/// </summary>
public sealed class Suggester
{
    private const int MostEvidence = 20;
    private const decimal PrivatePersonWeight = 0.9m;

    private readonly RuleBase rules;
    private readonly RuleReader reader;
    private readonly Dictionary<string, StandardAnswer> answers;
    private readonly Decision decision;

    public Suggester(RuleBase rules)
    {
        this.rules = rules;
        reader = new(rules);
        answers = rules.Answers.ToDictionary(answer => answer.Code);
        decision = new(rules);
    }

    /// <summary>The version of the rule base, which every suggestion names.</summary>
    public int Version => rules.Version;

    /// <summary>
    /// The phrases of the rules that stand in a text and are not negated, as the rule base writes them: what led to a suggestion, told without a
    /// word of the text.
    /// </summary>
    public IReadOnlyList<PhraseIn> PhrasesIn(string text)
    {
        using var folded = new FoldedText(text);
        return [.. reader.StandingIn(folded).Select(entry => new PhraseIn(entry.Rule.Code, entry.Match.Of.Source)).Distinct()];
    }

    /// <summary>What the text asks for. Any text is accepted, also an empty or broken one; nothing of it is kept.</summary>
    public Suggestion Suggest(string text, SuggestionContext? context = null)
    {
        using var folded = new FoldedText(text);
        var subjects = reader.Read(folded).Select(finds => new Subject(finds)).Where(subject => subject.Weight >= rules.Floor).ToList();
        var counted = subjects.Where(subject => subject.Weight >= rules.Threshold).ToList();
        if (context is { PrivatePerson: true } && subjects.Count > 0)
        {
            CountPrivatePerson(subjects, counted);
        }

        var closing = counted.Where(subject => subject.Prevails).ToList();
        if (closing.Count > 0)
        {
            return Answer(folded, counted, closing, [], null, Outcome.Desk);
        }

        if (counted.Exists(subject => subject.Unclear))
        {
            return Answer(folded, counted, [], [], null, Outcome.Unsure);
        }

        var deciding = decision.Of(folded, counted, subjects);
        var shown = counted.Union(deciding).ToList();
        if (decision.IsDoubtful(deciding, subjects))
        {
            return Answer(folded, shown, [], [], null, Outcome.Unsure);
        }

        var tracks = Tracks(deciding);
        if (tracks.Count > 0)
        {
            var lead = tracks.Count == 1 ? tracks[0] : Lead(deciding);
            return Answer(folded, shown, [.. deciding, .. counted.Where(IsBeside)], tracks, lead, Outcome.Route);
        }

        var outcome = deciding.Exists(subject => subject.Lead is TopicLead.Referral or null) ? Outcome.Referral
            : deciding.Count > 0 ? Outcome.Desk
            : Outcome.Unsure;
        return Answer(folded, shown, deciding, [], null, outcome);
    }

    private static bool IsBeside(Subject subject) => subject.Lead is TopicLead.Referral or TopicLead.Desk or null;

    private void CountPrivatePerson(List<Subject> subjects, List<Subject> counted)
    {
        var rule = rules.Rules.FirstOrDefault(rule => rule.PrivatePerson);
        if (rule is null || counted.Exists(subject => subject.Matter == rule.Matter))
        {
            return;
        }

        var known = subjects.Find(subject => subject.Matter == rule.Matter);
        if (PrivatePersonWeight + (known?.Weight ?? subjects.Max(subject => subject.Weight)) >= rules.Threshold)
        {
            counted.Add(known ?? new([new(rule, [])]));
        }
    }

    private static List<Track> Tracks(List<Subject> deciding)
    {
        var tracks = new List<Track>();
        if (deciding.Exists(subject => subject.Lead is TopicLead.Mic or TopicLead.Both))
        {
            tracks.Add(Track.Mic);
        }

        if (deciding.Exists(subject => subject.Lead is TopicLead.Mhlw or TopicLead.Both))
        {
            tracks.Add(Track.Mhlw);
        }

        return tracks;
    }

    /// <summary>The ministry with more evidence leads, then the one mentioned first; a topic of both goes where it leans to.</summary>
    private Track Lead(List<Subject> deciding)
    {
        var mic = deciding.Where(subject => subject.Lead is TopicLead.Mic).ToList();
        var mhlw = deciding.Where(subject => subject.Lead is TopicLead.Mhlw).ToList();
        if (mic.Count == 0)
        {
            var heaviest = deciding.OrderByDescending(subject => subject.Weight).ThenBy(subject => subject.FirstWord).First();
            return rules.Leans.GetValueOrDefault(heaviest.Topic!, Track.Mic);
        }

        var difference = mic.Sum(subject => subject.Weight) - mhlw.Sum(subject => subject.Weight);
        return difference > 0 || (difference == 0 && mic.Min(subject => subject.FirstWord) <= mhlw.Min(subject => subject.FirstWord))
            ? Track.Mic
            : Track.Mhlw;
    }

    private Suggestion Answer(
        FoldedText text, List<Subject> counted, List<Subject> speaking, List<Track> tracks, Track? lead, Outcome outcome)
    {
        var applied = speaking.SelectMany(subject => subject.Finds).Select(find => find.Rule).Distinct(ReferenceEqualityComparer.Instance).Cast<Rule>().ToList();
        var topics = counted
            .Where(subject => subject.Topic is not null)
            .GroupBy(subject => subject.Topic!)
            .Select(group => new SuggestedTopic(
                group.Key,
                group.Sum(subject => subject.Weight),
                group.Any(speaking.Contains),
                EvidenceOf(text, group)))
            .OrderByDescending(topic => topic.Counts)
            .ThenByDescending(topic => topic.Weight)
            .ThenBy(topic => topic.Evidence.Count == 0 ? int.MaxValue : topic.Evidence[0].Start)
            .ThenBy(topic => topic.Code, StringComparer.Ordinal);
        return new(
            tracks,
            lead,
            outcome,
            [.. applied.SelectMany(rule => rule.Referrals).Distinct()],
            [.. applied.SelectMany(rule => rule.Answers).Distinct().Select(code => new SuggestedAnswer(code, answers[code].Title))],
            [.. topics],
            rules.Version);
    }

    private static List<Evidence> EvidenceOf(FoldedText text, IEnumerable<Subject> subjects)
    {
        var words = new List<Span>();
        foreach (var match in subjects.SelectMany(subject => subject.Finds).SelectMany(find => find.Matches))
        {
            words.AddRange(match.Words);
        }

        words.Sort((one, other) => one.Start != other.Start ? one.Start.CompareTo(other.Start) : other.End.CompareTo(one.End));
        var evidence = new List<Evidence>();
        for (var word = 0; word < words.Count && evidence.Count < MostEvidence; word++)
        {
            if (word == 0 || words[word] != words[word - 1])
            {
                evidence.Add(text.EvidenceAt(words[word].Start, words[word].End));
            }
        }

        return evidence;
    }
}
