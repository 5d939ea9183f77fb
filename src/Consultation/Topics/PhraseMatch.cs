namespace Consultation.Topics;

/// <summary>A stretch of the folded text, end exclusive.</summary>
internal readonly record struct Span(int Start, int End)
{
    /// <summary>Whether this phrase takes a word's meaning: 用紙 that of 紙の in 用紙の, セキュリティ会社 that of セキュリティ.</summary>
    public bool Hides(Span word) =>
        (Start <= word.Start && word.End <= End) || (Start < word.Start && word.Start < End);
}

/// <summary>One find of a phrase: as the rule writes it, and the words found, from the first of them to the end of the last.</summary>
internal sealed class PhraseMatch
{
    public PhraseMatch(string phrase, params Span[] words)
    {
        (Phrase, Words, Start) = (phrase, words, int.MaxValue);
        foreach (var word in words)
        {
            Start = Math.Min(Start, word.Start);
            End = Math.Max(End, word.End);
            Letters += word.End - word.Start;
        }
    }

    public string Phrase { get; }

    public Span[] Words { get; }

    public int Start { get; }

    public int End { get; }

    /// <summary>The length of its words together.</summary>
    public int Letters { get; }
}

/// <summary>A phrase with its words known to the finder.</summary>
internal sealed class CompiledPhrase
{
    // More finds of one phrase than this add nothing to a decision, and a hostile text must not cost more than a long one.
    private const int MostFinds = 40;

    private readonly int[][] parts;
    private readonly WordFinder finder;
    private readonly bool ordered;
    private readonly string source;

    public CompiledPhrase(Phrase phrase, WordFinder finder)
    {
        parts = [.. phrase.Parts.Select(part => part.Select(finder.Add).ToArray())];
        ordered = phrase.Ordered;
        source = phrase.Source;
        this.finder = finder;
    }

    public IReadOnlyList<int> FirstWords => parts[0];

    public bool StandsIn(FoldedText text, Dictionary<int, List<int>> found)
    {
        var matches = new List<PhraseMatch>();
        FindIn(text, found, matches);
        return matches.Count > 0;
    }

    /// <summary>Adds every find of the phrase, by its first words in the order of the rule and then by place.</summary>
    public void FindIn(FoldedText text, Dictionary<int, List<int>> found, List<PhraseMatch> matches)
    {
        foreach (var word in parts[0])
        {
            if (!found.TryGetValue(word, out var starts))
            {
                continue;
            }

            var length = finder.LengthOf(word);
            for (var find = 0; find < starts.Count && find < MostFinds; find++)
            {
                if (Complete(text, found, new(starts[find], starts[find] + length)) is { } match)
                {
                    matches.Add(match);
                }
            }
        }
    }

    private PhraseMatch? Complete(FoldedText text, Dictionary<int, List<int>> found, Span first)
    {
        if (parts.Length == 1)
        {
            return new(source, first);
        }

        var sentence = text.SentenceOf(first.Start);
        Span[]? words = null;
        var last = first;
        for (var part = 1; part < parts.Length; part++)
        {
            var (from, to) = ordered
                ? (last.End, Math.Min(last.End + Phrase.Gap, text.SentenceEnd(sentence)))
                : (text.SentenceStart(sentence), text.SentenceEnd(sentence));
            if (Earliest(parts[part], found, from, to) is not { } next)
            {
                return null;
            }

            words ??= new Span[parts.Length];
            (words[0], words[part], last) = (first, next, next);
        }

        return new(source, words!);
    }

    private Span? Earliest(int[] part, Dictionary<int, List<int>> found, int from, int to)
    {
        Span? best = null;
        foreach (var word in part)
        {
            if (!found.TryGetValue(word, out var starts))
            {
                continue;
            }

            var index = starts.BinarySearch(from);
            index = index < 0 ? ~index : index;
            if (index < starts.Count && starts[index] < to && (best is null || starts[index] < best.Value.Start))
            {
                best = new(starts[index], starts[index] + finder.LengthOf(word));
            }
        }

        return best;
    }
}
