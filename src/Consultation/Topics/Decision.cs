using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>Which of the topics and matters that were heard decide where a text goes. Source: domain §5.</summary>
internal sealed class Decision(RuleBase rules)
{
    // Three weak words, by the weights of the default rules.
    private const decimal FirmSum = 1.5m;

    // In characters; the longest words of the default rules that join topics are shorter.
    private const int LongestJoin = 6;

    private const string EndsOfVerbs = "うくぐすつぬぶむゆるいただこ";

    private readonly List<string> bothWords = Folded(rules.Together);
    private readonly List<string> asks = Folded(rules.Asks);
    private readonly List<string> focus = Folded(rules.Focus);
    private readonly HashSet<string> joins = [.. Folded(rules.Negation.Joins)];

    /// <summary>
    /// What decides. A topic of both ministries counts only when none of a single ministry is found (domain §5); weak words are heard only
    /// when nothing else is, or when the caller says that there are two things.
    /// </summary>
    public List<Subject> Of(FoldedText text, List<Subject> counted, List<Subject> heard)
    {
        var together = bothWords.Exists(word => text.Contains(word)) || NamesAPair(text) || JoinsMinistries(text, heard);
        if (counted.Exists(IsSingle))
        {
            if (!together && counted.Exists(subject => IsBoth(subject) && IsFirm([subject])) && !counted.Where(IsSingle).GroupBy(subject => subject.Lead).Any(IsFirm))
            {
                return [.. counted.Where(IsBoth)];
            }

            return together ? [.. counted.Union(heard).Where(IsSingle)] : InFocus(text, Asked(text, Firm([.. counted.Where(IsSingle)])));
        }

        if (counted.TrueForAll(IsBoth))
        {
            // Beside a topic of both ministries more is needed than a weak word that would decide alone.
            var single = heard.Where(subject => IsSingle(subject) && (counted.Count == 0 || subject.Weight > rules.Margin)).ToList();
            var deciding = together ? single : Heavier(single);
            if (deciding.Count > 0 || (single.Count > 0 && counted.Count == 0))
            {
                return deciding;
            }
        }

        var all = counted.Count > 0 ? counted : heard;
        var (both, referred) = (all.Where(IsBoth).ToList(), all.Where(subject => subject.Lead is TopicLead.Referral).ToList());
        // What is asked of a subsidy or from abroad names its occasion too: 人材確保 in the name of a grant. Two wishes keep both.
        return both.Count == 0 ? all
            : !together && referred.Count > 0 && (counted.Count > 0 || referred.Sum(subject => subject.Weight) >= both.Sum(subject => subject.Weight)) ? referred
            : both;
    }

    /// <summary>
    /// Whether too little speaks for what decides: a weak word alone, or words that a matter of the desk which closes a case (an offer, a person's
    /// own trouble) comes near to without being sure itself. A topic of both ministries speaks for either. Then the caller is asked first.
    /// </summary>
    public bool IsDoubtful(List<Subject> deciding, List<Subject> heard)
    {
        var speaking = deciding.Where(subject => subject.Lead is not TopicLead.Desk).ToList();
        return speaking.Count > 0
            && speaking.Union(heard.Where(IsBoth)).Sum(subject => subject.Weight) - heard.Where(subject => subject.Prevails).Sum(subject => subject.Weight) < rules.Margin;
    }

    /// <summary>
    /// Where one ministry is named in earlier sentences and the other in later ones and nothing joins the two, only the later is asked: 評価は外部に頼んでいます。
    /// 困っているのは、… An earlier sentence that asks or complains (規程がない, 規程を作りたい), or a later one with も, leaves both standing.
    /// </summary>
    private List<Subject> Asked(FoldedText text, List<Subject> single)
    {
        var sides = single.GroupBy(subject => subject.Lead)
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

    /// <summary>
    /// Where sentences say that the question is there and only one ministry is named in them, the other is not asked: 回線は本業です。伺いたいのは手当だけ。
    /// </summary>
    private List<Subject> InFocus(FoldedText text, List<Subject> single)
    {
        if (single.DistinctBy(subject => subject.Lead).Count() < 2)
        {
            return single;
        }

        var focused = single.Where(subject => subject.Finds.Any(find => find.Matches.Exists(match => Says(text, text.SentenceOf(match.Start), focus)))).ToList();
        return focused.Count > 0 && focused.DistinctBy(subject => subject.Lead).Count() == 1 ? [.. single.Where(subject => subject.Lead == focused[0].Lead)] : single;
    }

    private bool Asks(FoldedText text, int sentence) => text[text.SentenceEnd(sentence) - 1] is '?' || Says(text, sentence, asks);

    private static bool Says(FoldedText text, int sentence, List<string> words)
    {
        var said = text.Slice(text.SentenceStart(sentence), text.SentenceEnd(sentence));
        foreach (var word in words)
        {
            if (said.IndexOf(word, StringComparison.Ordinal) >= 0)
            {
                return true;
            }
        }

        return false;
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
                (Side: subject.Lead is TopicLead.Mic ? 0 : 1, IsFirm: find.Rule.Weight >= rules.Threshold, match.Start, match.End))))
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
        var firm = single.GroupBy(subject => subject.Lead).Where(IsFirm).SelectMany(side => side).ToList();
        return firm.Count > 0 ? firm : single;
    }

    private bool IsFirm(IEnumerable<Subject> side) =>
        side.Sum(subject => subject.Weight) >= FirmSum * rules.Threshold
        || side.Any(subject => subject.Finds.Any(find => find.Weight >= rules.Threshold && find.Rule.Weight >= rules.Threshold));

    // Weak words seldom speak for two ministries at once: one of them is usually the scenery, and at a tie nobody knows which.
    private static List<Subject> Heavier(List<Subject> single)
    {
        var sides = single.GroupBy(subject => subject.Lead).OrderByDescending(side => side.Sum(subject => subject.Weight)).Select(side => side.ToList()).ToList();
        return sides.Count == 0 || (sides.Count > 1 && sides[0].Sum(subject => subject.Weight) == sides[1].Sum(subject => subject.Weight)) ? [] : sides[0];
    }

    private static bool IsSingle(Subject subject) => subject.Lead is TopicLead.Mic or TopicLead.Mhlw;

    private static bool IsBoth(Subject subject) => subject.Lead is TopicLead.Both;
}
