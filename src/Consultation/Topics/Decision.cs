using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>Which of the topics and matters that were heard decide where a text goes. Source: domain §5.</summary>
internal sealed class Decision(RuleBase rules)
{
    // Three weak words, by the weights of the default rules.
    private const decimal FirmSum = 1.5m;

    // What a topic of both ministries must weigh, as a multiple of the heaviest single ministry, to be the matter and the ministry its scenery.
    private const decimal Outweighing = 2.5m;

    // In characters; the longest words of the default rules that join topics are shorter.
    private const int LongestJoin = 6;

    private const string EndsOfVerbs = "うくぐすつぬぶむゆるいただこ";

    private static readonly string[] ToldEnds = ["タ", "テイル", "テイマス", "テオリマス", "テアル", "テアリマス", "デス", "デアル", "クレル", "クレマス"];

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
        var together = bothWords.Exists(word => text.Contains(word)) || NamesAPair(text, heard) || JoinsMinistries(text, heard);
        if (counted.Where(subject => subject.Elsewhere).ToList() is { Count: > 0 } elsewhere)
        {
            var mhlw = counted.Where(subject => subject.Lead is TopicLead.Mhlw).ToList();
            return elsewhere.Exists(subject => subject.Lead is TopicLead.Referral) && IsFirm(mhlw) && mhlw.Sum(subject => subject.Weight) >= elsewhere.Sum(subject => subject.Weight) && !counted.Exists(subject => subject.Lead is TopicLead.Mic) ? mhlw : elsewhere;
        }

        if (AskedBeside(text, counted) is { Count: > 0 } beside)
        {
            return beside;
        }

        if (counted.Exists(IsSingle))
        {
            var sides = counted.Where(IsSingle).GroupBy(subject => subject.Lead).ToList();
            if (!together
                && counted.Exists(subject => IsBoth(subject) && IsFirm([subject]))
                && (!sides.Exists(IsFirm) || counted.Where(IsBoth).Max(subject => subject.Weight) >= Outweighing * sides.Max(side => side.Sum(subject => subject.Weight))))
            {
                return [.. counted.Where(IsBoth)];
            }

            return together ? [.. counted.Union(heard).Where(IsSingle)] : InFocus(text, Asked(text, Firm([.. counted.Where(IsSingle)])));
        }

        if (counted.TrueForAll(IsBoth))
        {
            if (!together && counted.Sum(subject => subject.Weight) >= FirmSum * rules.Threshold)
            {
                return counted;
            }

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
        return speaking.Count > 0 && !deciding.Exists(subject => subject.Elsewhere)
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

        var told = sides.FindIndex(side => side.Matches.TrueForAll(match => Tells(text, text.SentenceOf(match.Start))));
        if (told >= 0
            && sides[1 - told].Matches.Exists(match => Asks(text, text.SentenceOf(match.Start)))
            && !sides[1 - told].Matches.Exists(match => SaysAlso(text, text.SentenceOf(match.Start))))
        {
            return sides[1 - told].Subjects;
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
    /// What the desk answers or refers, where the caller asks that alone: more speaks for it than for a ministry, a sentence says that the question is there (申込先だけ知りたい), or the ministries are
    /// only told of (規程は整いました。冊子を送ってください).
    /// </summary>
    private List<Subject> AskedBeside(FoldedText text, List<Subject> counted)
    {
        var beside = counted.Where(subject => !IsSingle(subject) && !IsBoth(subject)).ToList();
        var single = counted.Where(IsSingle).SelectMany(SentencesOf).ToHashSet();
        if (beside.Count == 0 || single.Count == 0)
        {
            return [];
        }

        var desk = beside.Where(subject => subject.Lead is TopicLead.Desk).ToList();
        if (desk.Sum(subject => subject.Weight) >= 2 * rules.Threshold
            && desk.Sum(subject => subject.Weight) >= counted.Where(IsSingle).Sum(subject => subject.Weight))
        {
            return desk;
        }

        var asked = beside.SelectMany(SentencesOf).Where(sentence => !single.Contains(sentence)).ToHashSet();
        return (asked.Any(sentence => Says(text, sentence, focus)) && !single.Any(sentence => Says(text, sentence, focus)))
            || (asked.Any(sentence => Asks(text, sentence)) && single.All(sentence => Tells(text, sentence)))
            ? beside
            : [];

        IEnumerable<int> SentencesOf(Subject subject) => subject.Finds.SelectMany(find => find.Matches).Select(match => text.SentenceOf(match.Start));
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

    // 紙はなくなりました, 業者が見ています: a whole sentence that neither asks nor complains nor lacks. A note (規程なし) is no whole sentence.
    private bool Tells(FoldedText text, int sentence)
    {
        var (start, end) = (text.SentenceStart(sentence), text.SentenceEnd(sentence));
        end -= text[end - 1] is '。' ? 1 : 0;
        if (!EndsTold(text.Slice(start, end)) || Asks(text, sentence) || SaysAlso(text, sentence) || Says(text, sentence, focus))
        {
            return false;
        }

        for (var at = start; at + 1 < end; at++)
        {
            if ((text[at] == 'ナ' && text[at + 1] is 'イ' or 'ク' or 'シ') || (text[at] == 'マ' && text[at + 1] == 'セ'))
            {
                return false;
            }
        }

        return true;
    }

    // What was done or is so; 見直します and 入れる tell what is wanted.
    private static bool EndsTold(ReadOnlySpan<char> sentence)
    {
        foreach (var end in ToldEnds)
        {
            if (sentence.EndsWith(end, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
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

    // 規程と、端末の選び方: a noun before と and a comma, each of the two ministries on its side of them. After a verb (すると、) or a quotation (無理だと、) it is
    // no pair.
    private static bool NamesAPair(FoldedText text, List<Subject> heard)
    {
        for (var at = 1; at + 1 < text.Length; at++)
        {
            if ((text[at] == '+' || (text[at] == 'ト' && text[at + 1] == '、' && !EndsOfVerbs.Contains(text.OriginalAt(at - 1))))
                && Parts(heard, text, at))
            {
                return true;
            }
        }

        return false;
    }

    // Whether behind a place in a sentence another ministry is named than in the last word before it.
    private static bool Parts(List<Subject> heard, FoldedText text, int at)
    {
        var (from, to) = (text.SentenceStart(text.SentenceOf(at)), text[at] == '+' ? text.Length : text.SentenceEnd(text.SentenceOf(at)));
        var words = heard.Where(IsSingle).SelectMany(subject => subject.Finds.SelectMany(find => find.Matches.Select(match => (subject.Lead, match.Start, match.End)))).ToList();
        var before = words.Where(word => word.Start >= from && word.End <= at).OrderBy(word => word.End).Select(word => word.Lead).LastOrDefault();
        return before is not null && words.Exists(word => word.Start > at && word.End <= to && word.Lead != before);
    }

    // 記録のシステムと移動時間, 図面を開きたい。処分も: a word that speaks for itself and a weak one of the other ministry, with nothing but と or や between
    // or the weak one with も. 設定 in 目標設定 is no word of its own.
    private bool JoinsMinistries(FoldedText text, List<Subject> heard)
    {
        var words = new List<(int Side, bool IsFirm, int Start, int End)>();
        foreach (var subject in heard.Where(IsSingle))
        {
            foreach (var find in subject.Finds)
            {
                foreach (var match in find.Matches)
                {
                    foreach (var word in match.Words)
                    {
                        words.Add((subject.Lead is TopicLead.Mic ? 0 : 1, find.Rule.Weight >= rules.Threshold, word.Start, word.End));
                    }
                }
            }
        }

        words.Sort((one, other) => one.Start != other.Start ? one.Start.CompareTo(other.Start) : other.End.CompareTo(one.End));
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
