using System.Collections.Frozen;

namespace Consultation.Topics;

/// <summary>Decides which words of a text the caller says are not wanted or already settled. See <see cref="NegationWords"/>.</summary>
internal sealed class Negation(NegationWords words)
{
    // How far behind a word its negation may stand, in characters without white space.
    private const int Reach = 30;

    // How long a reason before a negation may be.
    private const int ReasonReach = 20;

    // How long what is said of a topic may be until it is closed.
    private const int ClosingReach = 28;

    // How far behind "it is there" a "but it is old" may stand.
    private const int RevivalReach = 40;

    private readonly WordSet links = new(words.Links);
    private readonly WordSet joins = new(words.Joins);
    private readonly WordSet unwanted = new(words.Unwanted);
    private readonly WordSet settled = new(words.Settled);
    private readonly WordSet closings = new(words.Closings);
    private readonly WordSet turns = new(words.Turns);
    private readonly WordSet revives = new(words.Revives);
    private readonly WordSet reasons = new(words.Reasons);
    private readonly WordSet questions = new(words.Questions);

    /// <summary>
    /// The matches that are negated, and those that lie over one of them up to a particle (評価 and 評価で before はなく). A match
    /// that takes in the negation itself stands: 違法ではない is its own phrase.
    /// </summary>
    public HashSet<PhraseMatch> NegatedIn(FoldedText text, IReadOnlyCollection<PhraseMatch> matches)
    {
        var byStart = new EndsByStart(text.Length, matches);
        var starts = byStart.Starts;
        var ends = new HashSet<int>();
        foreach (var end in matches.Select(match => match.End).Distinct().OrderDescending())
        {
            if (IsNegated(text, end, byStart, starts) || IsJoinedToNegated(text, end, byStart, ends))
            {
                ends.Add(end);
            }
        }

        var endOfNegated = new int[text.Length];
        foreach (var word in matches.Where(match => ends.Contains(match.End)).SelectMany(match => match.Words))
        {
            endOfNegated.AsSpan(word.Start, word.End - word.Start).Fill(word.End);
        }

        return [.. matches.Where(match => IsBygone(text, text.SentenceOf(match.Start)) || match.Words.Any(word => IsOver(word, endOfNegated)))];
    }

    // 昨年、規程を作りました。今回は…: what was done before the turn to the present is history.
    private bool IsBygone(FoldedText text, int sentence)
    {
        var end = text.SentenceEnd(sentence);
        return end < text.Length && end - text.SentenceStart(sentence) > 1
            && text[text[end - 1] is '。' ? end - 2 : end - 1] == 'タ'
            && turns.LengthsAt(text, end, text.Length).Count > 0;
    }

    private static bool IsOver(Span word, int[] endOfNegated)
    {
        foreach (var end in endOfNegated.AsSpan(word.Start, word.End - word.Start))
        {
            if (end > 0 && word.End <= end + 1)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNegated(FoldedText text, int end, EndsByStart byStart, int[] starts)
    {
        if (end >= text.Length || text.SentenceOf(end - 1) != text.SentenceOf(end))
        {
            return false;
        }

        var limit = Math.Min(end + Reach, text.SentenceEnd(text.SentenceOf(end)));
        Span<bool> reached = stackalloc bool[Reach + 1];
        reached.Clear();
        reached[0] = true;
        for (var at = end; at < limit; at++)
        {
            if (!reached[at - end])
            {
                continue;
            }

            if (NegationStandsAt(text, end, at, starts) || IsClosed(text, end, at, byStart))
            {
                return true;
            }

            foreach (var length in links.LengthsAt(text, at, limit))
            {
                reached[at + length - end] = true;
            }

            foreach (var other in byStart.At(at))
            {
                if (other > at && other <= limit)
                {
                    reached[other - end] = true;
                }
            }
        }

        return false;
    }

    private bool NegationStandsAt(FoldedText text, int end, int at, int[] starts)
    {
        var sentenceEnd = text.SentenceEnd(text.SentenceOf(at));
        foreach (var length in unwanted.LengthsAt(text, at, sentenceEnd))
        {
            if (!IsQuestion(text, at + length))
            {
                return true;
            }
        }

        // 残業がある names a trouble, 規程はある sets one aside: は or も must stand between. 済み needs no particle.
        var setAside = text.Slice(end, at).IndexOfAny('ハ', 'モ') >= 0;
        foreach (var length in settled.LengthsAt(text, at, sentenceEnd))
        {
            if ((setAside || text.Slice(at, at + length).Contains('済'))
                && !IsWish(text, at + length)
                && !IsQuestion(text, at + length)
                && !IsRevived(text, at + length, sentenceEnd, starts))
            {
                return true;
            }
        }

        return setAside && FollowsAReason(text, at, sentenceEnd, starts);
    }

    private bool FollowsAReason(FoldedText text, int from, int sentenceEnd, int[] starts)
    {
        var limit = Math.Min(Math.Min(sentenceEnd, from + ReasonReach), NextMatch(starts, from));
        for (var at = from; at < limit; at++)
        {
            foreach (var length in reasons.LengthsAt(text, at, limit))
            {
                var after = at + length;
                if (unwanted.LengthsAt(text, after, sentenceEnd).Exists(word => !IsQuestion(text, after + word)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// 就業規則|は|社労士に作ってもらったばかりなので: what is said of the topic up to the end of its clause closes it, whoever did what in between; not
    /// where it is a question or a trouble, and not beyond the next topic that has a は of its own.
    /// </summary>
    private bool IsClosed(FoldedText text, int end, int from, EndsByStart byStart)
    {
        if (from == end || text[from - 1] is not ('ハ' or 'モ'))
        {
            return false;
        }

        var sentenceEnd = text.SentenceEnd(text.SentenceOf(from - 1));
        var limit = Math.Min(sentenceEnd, from + ClosingReach);
        if (AsksAtTheEnd(text, sentenceEnd))
        {
            return false;
        }

        for (var at = from; at < limit; at++)
        {
            if (revives.LengthsAt(text, at, sentenceEnd).Count > 0 || byStart.At(at).Exists(other => other < sentenceEnd && text[other] is 'ハ' or 'モ'))
            {
                return false;
            }

            if (closings.LengthsAt(text, at, sentenceEnd).Exists(length => !IsWish(text, at + length) && !IsQuestion(text, at + length) && !IsRevived(text, at + length, sentenceEnd, [])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AsksAtTheEnd(FoldedText text, int sentenceEnd)
    {
        var last = text[sentenceEnd - 1] is '。' && sentenceEnd > 1 ? text[sentenceEnd - 2] : text[sentenceEnd - 1];
        return last is 'カ' or '?';
    }

    private static int NextMatch(int[] starts, int from)
    {
        var index = Array.BinarySearch(starts, from);
        index = index < 0 ? ~index : index;
        return index < starts.Length ? starts[index] : int.MaxValue;
    }

    // 決めた settles what 決めたい and 決めたく wish for.
    private static bool IsWish(FoldedText text, int at) =>
        at < text.Length && text[at - 1] == 'タ' && text[at] is ('イ' or 'ク' or 'ケ');

    // から gives a reason where か alone would ask.
    private bool IsQuestion(FoldedText text, int at) =>
        at < text.Length
        && questions.LengthsAt(text, at, text.Length).Exists(length => at + length >= text.Length || text[at + length] != 'ラ');

    private bool IsRevived(FoldedText text, int from, int sentenceEnd, int[] starts)
    {
        var limit = Math.Min(Math.Min(sentenceEnd, from + RevivalReach), NextMatch(starts, from));
        for (var at = from; at < limit; at++)
        {
            if (revives.LengthsAt(text, at, sentenceEnd).Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsJoinedToNegated(FoldedText text, int end, EndsByStart byStart, HashSet<int> negated)
    {
        if (end >= text.Length)
        {
            return false;
        }

        foreach (var length in joins.LengthsAt(text, end, text.Length))
        {
            if (byStart.At(end + length).Exists(negated.Contains))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the matches that begin at a place end.</summary>
    private sealed class EndsByStart
    {
        private static readonly List<int> None = [];

        // One more than the place of the list, so that 0 is none: most places begin no match.
        private readonly int[] lists;
        private readonly List<List<int>> ends = [];

        public EndsByStart(int length, IReadOnlyCollection<PhraseMatch> matches)
        {
            lists = new int[length];
            foreach (var match in matches)
            {
                ref var list = ref lists[match.Start];
                if (list == 0)
                {
                    ends.Add([]);
                    list = ends.Count;
                }

                if (!ends[list - 1].Contains(match.End))
                {
                    ends[list - 1].Add(match.End);
                }
            }

            Starts = [.. Enumerable.Range(0, length).Where(at => lists[at] > 0)];
        }

        /// <summary>Where a match begins, rising.</summary>
        public int[] Starts { get; }

        public List<int> At(int start) => start < lists.Length && lists[start] > 0 ? ends[lists[start] - 1] : None;
    }

    /// <summary>Words looked up at one place of a text. Nearly everywhere none begins, which costs one look at the character.</summary>
    private sealed class WordSet
    {
        private static readonly List<int> None = [];

        private readonly FrozenDictionary<char, string[]> byFirst;

        public WordSet(IEnumerable<string> words) =>
            byFirst = words.Select(Phrase.Fold).Where(word => word.Length > 0).Distinct()
                .GroupBy(word => word[0])
                .ToFrozenDictionary(group => group.Key, group => group.OrderBy(word => word.Length).ToArray());

        /// <summary>The lengths of the words that begin at a place and end at the limit or before, rising. Not to be changed.</summary>
        public List<int> LengthsAt(FoldedText text, int at, int limit)
        {
            if (at >= limit || !byFirst.TryGetValue(text[at], out var words))
            {
                return None;
            }

            List<int>? found = null;
            var rest = text.Slice(at, limit);
            foreach (var word in words)
            {
                if (word.Length > rest.Length)
                {
                    break;
                }

                if (rest.StartsWith(word, StringComparison.Ordinal))
                {
                    (found ??= []).Add(word.Length);
                }
            }

            return found ?? None;
        }
    }
}
