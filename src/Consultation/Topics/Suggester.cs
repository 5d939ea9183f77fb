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

    // Three weak words, by the weights of the default rules.
    private const decimal FirmSum = 1.5m;

    // In characters; the longest words of the default rules that join topics are shorter.
    private const int LongestJoin = 6;

    private const string EndsOfVerbs = "うくぐすつぬぶむゆるいただこ";

    private readonly RuleBase rules;
    private readonly RuleReader reader;
    private readonly Dictionary<string, StandardAnswer> answers;
    private readonly List<string> together;
    private readonly List<string> asks;
    private readonly HashSet<string> joins;

    public Suggester(RuleBase rules)
    {
        this.rules = rules;
        reader = new(rules);
        answers = rules.Answers.ToDictionary(answer => answer.Code);
        together = Folded(rules.Together);
        asks = Folded(rules.Asks);
        joins = [.. Folded(rules.Negation.Joins)];
    }

    /// <summary>The version of the rule base, which every suggestion names.</summary>
    public int Version => rules.Version;

    /// <summary>
    /// The phrases of the rules that stand in a text and are not negated, as the rule base writes them: what led to a suggestion, told without a
    /// word of the text.
    /// </summary>
    public IReadOnlyList<PhraseIn> PhrasesIn(string text) =>
        [.. reader.StandingIn(new FoldedText(text)).Select(entry => new PhraseIn(entry.Rule.Code, entry.Match.Phrase)).Distinct()];

    /// <summary>What the text asks for. Any text is accepted, also an empty or broken one; nothing of it is kept.</summary>
    public Suggestion Suggest(string text, SuggestionContext? context = null)
    {
        var folded = new FoldedText(text);
        var subjects = reader.Read(folded)
            .GroupBy(find => (find.Rule.Topic, find.Rule.Matter))
            .Select(group => new Subject(group.Key.Topic, group.Key.Matter, [.. group]))
            .ToList();
        subjects = [.. subjects.Where(subject => subject.Weight >= rules.Floor)];
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

        var deciding = Deciding(folded, counted, subjects, together.Exists(word => folded.Contains(word)) || NamesAPair(folded) || JoinsMinistries(folded, subjects));
        var shown = counted.Union(deciding).ToList();
        if (IsDoubtful(deciding, subjects))
        {
            return Answer(folded, shown, [], [], null, Outcome.Unsure);
        }

        var tracks = Tracks(deciding);
        if (tracks.Count > 0)
        {
            var lead = tracks.Count == 1 ? tracks[0] : Lead(deciding);
            return Answer(folded, shown, [.. deciding, .. counted.Where(IsBeside)], tracks, lead, Outcome.Route);
        }

        var outcome = deciding.Exists(subject => LeadOf(subject) is TopicLead.Referral or null) ? Outcome.Referral
            : deciding.Count > 0 ? Outcome.Desk
            : Outcome.Unsure;
        return Answer(folded, shown, deciding, [], null, outcome);
    }

    private static TopicLead? LeadOf(Subject subject) => TopicCatalogue.Find(subject.Topic)?.Lead;

    private static bool IsBeside(Subject subject) => LeadOf(subject) is TopicLead.Referral or TopicLead.Desk or null;

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
            counted.Add(known ?? new(rule.Topic, rule.Matter, [new(rule, [])]));
        }
    }

    /// <summary>
    /// What decides. A topic of both ministries counts only when none of a single ministry is found (domain §5); weak words are heard only
    /// when nothing else is, or when the caller says that there are two things.
    /// </summary>
    private List<Subject> Deciding(FoldedText text, List<Subject> counted, List<Subject> heard, bool together)
    {
        if (counted.Exists(IsSingle))
        {
            return together ? [.. counted.Union(heard).Where(IsSingle)] : Asked(text, Firm([.. counted.Where(IsSingle)]));
        }

        if (counted.Count == 0)
        {
            var single = heard.Where(IsSingle).ToList();
            if (single.Count > 0)
            {
                return together ? single : Heavier(single);
            }
        }

        var all = counted.Count > 0 ? counted : heard;
        var (both, referred) = (all.Where(IsBoth).ToList(), all.Where(subject => LeadOf(subject) is TopicLead.Referral).ToList());
        // What is asked of a subsidy or from abroad names its occasion too: 人材確保 in the name of a grant. Two wishes keep both.
        return both.Count == 0 ? all
            : !together && referred.Count > 0 && (counted.Count > 0 || referred.Sum(subject => subject.Weight) >= both.Sum(subject => subject.Weight)) ? referred
            : both;
    }

    /// <summary>
    /// Whether too little speaks for what decides: a weak word alone, or words that a matter of the desk which closes a case (an offer, a person's
    /// own trouble) comes near to without being sure itself. A topic of both ministries speaks for either. Then the caller is asked first.
    /// </summary>
    private bool IsDoubtful(List<Subject> deciding, List<Subject> heard)
    {
        var speaking = deciding.Where(subject => LeadOf(subject) is not TopicLead.Desk).ToList();
        return speaking.Count > 0
            && speaking.Union(heard.Where(IsBoth)).Sum(subject => subject.Weight) - heard.Where(subject => subject.Prevails).Sum(subject => subject.Weight) < rules.Margin;
    }

    /// <summary>
    /// Where one ministry is named in earlier sentences and the other in later ones and nothing joins the two, only the later is asked: 評価は外部に頼んでいます。
    /// 困っているのは、… An earlier sentence that asks or complains (規程がない, 規程を作りたい), or a later one with も, leaves both standing.
    /// </summary>
    private List<Subject> Asked(FoldedText text, List<Subject> single)
    {
        var sides = single.GroupBy(LeadOf)
            .Select(side => (Subjects: side.ToList(), Matches: side.SelectMany(subject => subject.Finds).SelectMany(find => find.Matches).ToList()))
            .OrderBy(side => side.Matches.Max(match => match.Start))
            .ToList();
        if (sides.Count < 2)
        {
            return single;
        }

        var (earlier, later) = (sides[0].Matches, sides[1].Matches.Select(match => text.SentenceOf(match.Start)).ToList());
        var last = earlier.Max(match => text.SentenceOf(match.Start));
        var stands = last >= later.Max()
            || earlier.Exists(match => match.End < text.Length && text[match.End] == 'ガ')
            || earlier.Select(match => text.SentenceOf(match.Start)).Distinct().Any(sentence => Asks(text, sentence))
            || later.Exists(sentence => sentence > last && SaysAlso(text, sentence));
        return stands ? single : sides[1].Subjects;
    }

    private bool Asks(FoldedText text, int sentence)
    {
        var (start, end) = (text.SentenceStart(sentence), text.SentenceEnd(sentence));
        return text[end - 1] is '?' || asks.Exists(word => text.Slice(start, end).IndexOf(word, StringComparison.Ordinal) >= 0);
    }

    private static bool SaysAlso(FoldedText text, int sentence)
    {
        for (var at = text.SentenceStart(sentence) + 1; at < text.SentenceEnd(sentence); at++)
        {
            if (IsAlso(text, at))
            {
                return true;
            }
        }

        return false;
    }

    // も as "also": not でも, ても, ども, nor the beginning of もう, もの, もし, もっと.
    private static bool IsAlso(FoldedText text, int at) =>
        at > 0 && at < text.Length && text[at] == 'モ' && text.OriginalAt(at) == 'も'
        && text[at - 1] is not ('デ' or 'テ' or 'ド')
        && (at + 1 == text.Length || text[at + 1] is not ('ウ' or 'ノ' or 'シ' or 'ッ' or 'ラ' or 'ト'));

    private static List<string> Folded(IEnumerable<string> words) => [.. words.Select(Phrase.Fold).Where(word => word.Length > 0)];

    // 規程と、端末の選び方: a noun before と and a comma. After a verb (すると、) or a quotation (無理だと、) it is no pair.
    private static bool NamesAPair(FoldedText text)
    {
        for (var at = 1; at + 1 < text.Length; at++)
        {
            if (text[at] == '+' || (text[at] == 'ト' && text[at + 1] == '、' && !EndsOfVerbs.Contains(text.OriginalAt(at - 1))))
            {
                return true;
            }
        }

        return false;
    }

    // 記録のシステムと移動時間, 図面を開きたい。処分も: a word that speaks for itself and a weak one of the other ministry, with nothing but と or や between
    // or the weak one with も. 設定 in 目標設定 is no word of its own.
    private bool JoinsMinistries(FoldedText text, List<Subject> heard)
    {
        var words = heard.Where(IsSingle)
            .SelectMany(subject => subject.Finds.SelectMany(find => find.Matches.Select(match =>
                (Side: LeadOf(subject) is TopicLead.Mic ? 0 : 1, IsFirm: find.Rule.Weight >= rules.Threshold, match.Start, match.End))))
            .OrderBy(word => word.Start).ThenByDescending(word => word.End);
        Span<(int End, bool IsFirm, bool AnyFirm)> last = [default, default];
        foreach (var (side, isFirm, start, end) in words)
        {
            var other = last[1 - side];
            if (end <= other.End)
            {
                continue;
            }

            if (other.End > 0
                && (((isFirm || other.IsFirm) && start > other.End && start - other.End <= LongestJoin && IsJoin(text.Slice(other.End, start)))
                    || (!isFirm && other.AnyFirm && IsAlso(text, end))))
            {
                return true;
            }

            last[side] = (end, isFirm, isFirm || last[side].AnyFirm);
        }

        return false;
    }

    // と, や, and の方法と, の手当と.
    private bool IsJoin(ReadOnlySpan<char> between) =>
        joins.Contains(between.ToString()) || (between[0] == 'ノ' && between.TrimEnd('、')[^1] is 'ト' or 'ヤ');

    // Beside a word that speaks for itself, two weak words of the other ministry are usually the scenery: a camera in a question about hours.
    private List<Subject> Firm(List<Subject> single)
    {
        var firm = single.GroupBy(LeadOf).Where(IsFirm).SelectMany(side => side).ToList();
        return firm.Count > 0 ? firm : single;

        bool IsFirm(IEnumerable<Subject> side) =>
            side.Sum(subject => subject.Weight) >= FirmSum * rules.Threshold
            || side.Any(subject => subject.Finds.Any(find => find.Weight >= rules.Threshold && find.Rule.Weight >= rules.Threshold));
    }

    // Weak words seldom speak for two ministries at once: one of them is usually the scenery, and at a tie nobody knows which.
    private static List<Subject> Heavier(List<Subject> single)
    {
        var sides = single.GroupBy(LeadOf).OrderByDescending(side => side.Sum(subject => subject.Weight)).Select(side => side.ToList()).ToList();
        return sides.Count > 1 && sides[0].Sum(subject => subject.Weight) == sides[1].Sum(subject => subject.Weight) ? [] : sides[0];
    }

    private static bool IsSingle(Subject subject) => LeadOf(subject) is TopicLead.Mic or TopicLead.Mhlw;

    private static bool IsBoth(Subject subject) => LeadOf(subject) is TopicLead.Both;

    private static List<Track> Tracks(List<Subject> deciding)
    {
        var tracks = new List<Track>();
        if (deciding.Exists(subject => LeadOf(subject) is TopicLead.Mic or TopicLead.Both))
        {
            tracks.Add(Track.Mic);
        }

        if (deciding.Exists(subject => LeadOf(subject) is TopicLead.Mhlw or TopicLead.Both))
        {
            tracks.Add(Track.Mhlw);
        }

        return tracks;
    }

    /// <summary>The ministry with more evidence leads, then the one mentioned first; a topic of both goes where it leans to.</summary>
    private Track Lead(List<Subject> deciding)
    {
        var mic = deciding.Where(subject => LeadOf(subject) is TopicLead.Mic).ToList();
        var mhlw = deciding.Where(subject => LeadOf(subject) is TopicLead.Mhlw).ToList();
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

    private static List<Evidence> EvidenceOf(FoldedText text, IEnumerable<Subject> subjects) =>
    [
        .. subjects.SelectMany(subject => subject.Finds)
            .SelectMany(find => find.Matches)
            .SelectMany(match => match.Words)
            .Distinct()
            .OrderBy(word => word.Start).ThenByDescending(word => word.End)
            .Select(word => text.EvidenceAt(word.Start, word.End))
            .Take(MostEvidence),
    ];

    /// <summary>A topic or a matter with everything that speaks for it.</summary>
    private sealed record Subject(string? Topic, string? Matter, IReadOnlyList<RuleFind> Finds)
    {
        public decimal Weight { get; } = Finds.Sum(find => find.Weight);

        public bool Prevails => Finds.Any(find => find.Rule.Prevails);

        public int FirstWord { get; } = Finds.SelectMany(find => find.Matches).Select(match => match.Start).DefaultIfEmpty(int.MaxValue).Min();
    }
}
