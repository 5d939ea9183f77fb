namespace Consultation.Topics;

/// <summary>A stretch of the folded text, end exclusive.</summary>
internal readonly record struct Span(int Start, int End)
{
    /// <summary>Whether this phrase takes a word's meaning: 用紙 that of 紙の in 用紙の, セキュリティ会社 that of セキュリティ.</summary>
    public bool Hides(Span word) =>
        (Start <= word.Start && word.End <= End) || (Start < word.Start && word.Start < End);
}

/// <summary>One find of a phrase: as the rule writes it, and the words found, from the first of them to the end of the last.</summary>
internal sealed record PhraseMatch(string Phrase, IReadOnlyList<Span> Words)
{
    public int Start { get; } = Words.Min(word => word.Start);

    public int End { get; } = Words.Max(word => word.End);
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

    public IReadOnlyList<PhraseMatch> FindIn(FoldedText text, Dictionary<int, List<int>> found)
    {
        List<PhraseMatch>? matches = null;
        foreach (var word in parts[0])
        {
            if (!found.TryGetValue(word, out var starts))
            {
                continue;
            }

            foreach (var start in starts.Take(MostFinds))
            {
                if (Complete(text, found, new(start, start + finder.LengthOf(word))) is { } match)
                {
                    (matches ??= []).Add(match);
                }
            }
        }

        return matches ?? (IReadOnlyList<PhraseMatch>)[];
    }

    private PhraseMatch? Complete(FoldedText text, Dictionary<int, List<int>> found, Span first)
    {
        if (parts.Length == 1)
        {
            return new(source, [first]);
        }

        var sentence = text.SentenceOf(first.Start);
        var words = new List<Span> { first };
        foreach (var part in parts.Skip(1))
        {
            var (from, to) = ordered
                ? (words[^1].End, Math.Min(words[^1].End + Phrase.Gap, text.SentenceEnd(sentence)))
                : (text.SentenceStart(sentence), text.SentenceEnd(sentence));
            var best = Earliest(part, found, from, to);
            if (best is not { } next)
            {
                return null;
            }

            words.Add(next);
        }

        return new(source, words);
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
