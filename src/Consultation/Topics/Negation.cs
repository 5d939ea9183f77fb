using System.Collections.Frozen;

namespace Consultation.Topics;

/// <summary>Decides which words of a text the caller says are not wanted or already settled. See <see cref="NegationWords"/>.</summary>
internal sealed class Negation(NegationWords words)
{
    // How far behind a word its negation may stand, in characters without white space.
    private const int Reach = 30;

    // How long a part of a matter may be named.
    private const int LongestPart = 10;

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
    private readonly WordSet undone = new(words.Undone);
    private readonly WordSet revives = new(words.Revives);
    private readonly WordSet reasons = new(words.Reasons);
    private readonly WordSet questions = new(words.Questions);
    private readonly WordSet pointers = new(words.Pointers);

    /// <summary>
    /// Which of the matches are negated, and which lie over one of them up to a particle (評価 and 評価で before はなく). A match
    /// that takes in the negation itself stands: 違法ではない is its own phrase.
    /// </summary>
    public bool[] NegatedIn(FoldedText text, List<PhraseMatch> matches)
    {
        var negated = new bool[matches.Count];
        if (matches.Count == 0)
        {
            return negated;
        }

        using var places = new Places(text.Length, matches);
        for (var end = text.Length; end > 0; end--)
        {
            if (places.IsEnd(end) && (IsNegated(text, end, places) || IsJoinedToNegated(text, end, places)))
            {
                places.Negate(end);
            }
        }

        foreach (var match in matches)
        {
            if (places.IsNegatedEnd(match.End))
            {
                places.CoverNegated(match.Words);
            }
        }

        var dismissed = DismissedIn(text, places);
        for (var match = 0; match < negated.Length; match++)
        {
            var (start, end) = (matches[match].Start, matches[match].End);
            negated[match] = places.LiesOverNegated(matches[match].Words)
                || IsBygone(text, text.SentenceOf(start))
                || dismissed.Exists(span => span.Start <= start && end <= span.End);
        }

        return negated;
    }

    // 昨年、規程を作りました。今回は…: what was done before the turn to the present is history.
    private bool IsBygone(FoldedText text, int sentence)
    {
        var end = text.SentenceEnd(sentence);
        return end < text.Length && end - text.SentenceStart(sentence) > 1
            && text[text[end - 1] is '。' ? end - 2 : end - 1] == 'タ'
            && turns.StandAt(text, end, text.Length);
    }

    // 通信費を持つことは決めておりますので|その点|は結構です: a word that points back takes with it what its sentence said before, from the last trouble on.
    private List<Span> DismissedIn(FoldedText text, Places places)
    {
        var dismissed = new List<Span>();
        for (var at = 1; at < text.Length; at++)
        {
            foreach (var length in pointers.LengthsAt(text, at, text.Length))
            {
                if (IsNegated(text, at + length, places))
                {
                    dismissed.Add(new(FirstSettled(text, text.SentenceStart(text.SentenceOf(at)), at), at));
                }
            }
        }

        return dismissed;
    }

    private int FirstSettled(FoldedText text, int from, int to)
    {
        var (first, troubled) = (from, false);
        for (var at = from; at < to; at++)
        {
            troubled |= revives.StandAt(text, at, to);
            if (text[at] == '、' && troubled)
            {
                (first, troubled) = (at + 1, false);
            }
        }

        return first;
    }

    private bool IsNegated(FoldedText text, int end, Places places)
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

            if (NegationStandsAt(text, end, at, places) || IsClosed(text, end, at, places))
            {
                return true;
            }

            foreach (var length in links.LengthsAt(text, at, limit))
            {
                reached[at + length - end] = true;
            }

            foreach (var other in places.EndsFrom(at))
            {
                if (other > at && other <= limit)
                {
                    reached[other - end] = true;
                }
            }

            if (at == end && ParticleAfterNoun(text, end, limit, places) is var particle and > 0)
            {
                reached[particle - end] = true;
            }
        }

        return false;
    }

    // 就業規則|の改定|は, 法令|上の可否|は: what is said of a part of a matter is said of the matter.
    private static int ParticleAfterNoun(FoldedText text, int end, int limit, Places places)
    {
        if (text[end] is not ('ノ' or '上' or '面'))
        {
            return 0;
        }

        for (var at = end + 1; at < Math.Min(limit, end + LongestPart); at++)
        {
            if (text[at] is 'ハ' or 'モ' && text.OriginalAt(at) is 'は' or 'も')
            {
                return at;
            }

            if (text[at] is '、' or '。' || places.EndsFrom(at).Length > 0)
            {
                return 0;
            }
        }

        return 0;
    }

    private bool NegationStandsAt(FoldedText text, int end, int at, Places places)
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
                && !undone.StandAt(text, at + length, sentenceEnd)
                && !IsQuestion(text, at + length)
                && !IsRevived(text, at + length, sentenceEnd, places.NextStart(at + length)))
            {
                return true;
            }
        }

        return setAside && FollowsAReason(text, at, sentenceEnd, places);
    }

    private bool FollowsAReason(FoldedText text, int from, int sentenceEnd, Places places)
    {
        var limit = Math.Min(Math.Min(sentenceEnd, from + ReasonReach), places.NextStart(from));
        for (var at = from; at < limit; at++)
        {
            foreach (var length in reasons.LengthsAt(text, at, limit))
            {
                foreach (var word in unwanted.LengthsAt(text, at + length, sentenceEnd))
                {
                    if (!IsQuestion(text, at + length + word))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>
    /// 就業規則|は|社労士に作ってもらったばかりなので: what is said of the topic up to the end of its clause closes it, whoever did what in between; not
    /// where it is a question or a trouble, and not beyond the next topic that has a は of its own.
    /// </summary>
    private bool IsClosed(FoldedText text, int end, int from, Places places)
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
            if (revives.StandAt(text, at, sentenceEnd) || IsToldOf(text, at, sentenceEnd, places))
            {
                return false;
            }

            foreach (var length in closings.LengthsAt(text, at, sentenceEnd))
            {
                if (!IsWish(text, at + length) && !undone.StandAt(text, at + length, sentenceEnd) && !IsQuestion(text, at + length) && !IsRevived(text, at + length, sentenceEnd, int.MaxValue))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsToldOf(FoldedText text, int at, int sentenceEnd, Places places)
    {
        foreach (var end in places.EndsFrom(at))
        {
            if (end < sentenceEnd && text[end] is 'ハ' or 'モ')
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

    // 決めた settles what 決めたい and 決めたく wish for.
    private static bool IsWish(FoldedText text, int at) =>
        at < text.Length && text[at - 1] == 'タ' && text[at] is ('イ' or 'ク' or 'ケ');

    // から gives a reason where か alone would ask.
    private bool IsQuestion(FoldedText text, int at)
    {
        foreach (var length in questions.LengthsAt(text, at, text.Length))
        {
            if (at + length >= text.Length || text[at + length] != 'ラ')
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRevived(FoldedText text, int from, int sentenceEnd, int nextStart)
    {
        var limit = Math.Min(Math.Min(sentenceEnd, from + RevivalReach), nextStart);
        for (var at = from; at < limit; at++)
        {
            if (revives.StandAt(text, at, sentenceEnd))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsJoinedToNegated(FoldedText text, int end, Places places)
    {
        foreach (var length in joins.LengthsAt(text, end, text.Length))
        {
            foreach (var other in places.EndsFrom(end + length))
            {
                if (places.IsNegatedEnd(other))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
