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
    private readonly Span onlyWord;
    private readonly int onlyNumber;
    private readonly Span[]? words;
    private readonly int[]? numbers;

    public PhraseMatch(CompiledPhrase phrase, Span word, int number)
    {
        (Of, onlyWord, onlyNumber) = (phrase, word, number);
        (Start, End, Letters) = (word.Start, word.End, word.End - word.Start);
    }

    public PhraseMatch(CompiledPhrase phrase, Span[] words, int[] numbers)
    {
        (Of, this.words, this.numbers, Start) = (phrase, words, numbers, int.MaxValue);
        foreach (var word in words)
        {
            Start = Math.Min(Start, word.Start);
            End = Math.Max(End, word.End);
            Letters += word.End - word.Start;
        }
    }

    /// <summary>Tells two finds apart by the words found, wherever they stand.</summary>
    public static IEqualityComparer<PhraseMatch> SameWords { get; } = new WordComparer();

    public CompiledPhrase Of { get; }

    public ReadOnlySpan<Span> Words => words ?? new ReadOnlySpan<Span>(in onlyWord);

    /// <summary>The numbers of the words in the finder.</summary>
    public ReadOnlySpan<int> Numbers => numbers ?? new ReadOnlySpan<int>(in onlyNumber);

    public int Start { get; }

    public int End { get; }

    /// <summary>The length of its words together.</summary>
    public int Letters { get; }

    private sealed class WordComparer : IEqualityComparer<PhraseMatch>
    {
        public bool Equals(PhraseMatch? one, PhraseMatch? other) => one is not null && other is not null && one.Numbers.SequenceEqual(other.Numbers);

        public int GetHashCode(PhraseMatch match)
        {
            var hash = default(HashCode);
            foreach (var number in match.Numbers)
            {
                hash.Add(number);
            }

            return hash.ToHashCode();
        }
    }
}

/// <summary>A phrase with its words known to the finder.</summary>
internal sealed class CompiledPhrase
{
    // More finds of one phrase than this add nothing to a decision, and a hostile text must not cost more than a long one.
    private const int MostFinds = 40;

    private readonly int[][] parts;
    private readonly bool ordered;

    public CompiledPhrase(Phrase phrase, WordFinder finder, int number)
    {
        parts = [.. phrase.Parts.Select(part => part.Select(finder.Add).ToArray())];
        (ordered, Source, Number) = (phrase.Ordered, phrase.Source, number);
    }

    public string Source { get; }

    /// <summary>Its place among the phrases of its rules.</summary>
    public int Number { get; }

    public IReadOnlyList<int> FirstWords => parts[0];

    /// <summary>Adds every find of the phrase, by its first words in the order of the rule and then by place.</summary>
    public void FindIn(FoldedText text, WordFinds found, List<PhraseMatch> matches)
    {
        foreach (var word in parts[0])
        {
            var starts = found.StartsOf(word);
            var length = found.LengthOf(word);
            for (var find = 0; find < starts.Length && find < MostFinds; find++)
            {
                var first = new Span(starts[find], starts[find] + length);
                if (parts.Length == 1)
                {
                    matches.Add(new(this, first, word));
                }
                else if (Complete(text, found, first, word) is { } match)
                {
                    matches.Add(match);
                }
            }
        }
    }

    private PhraseMatch? Complete(FoldedText text, WordFinds found, Span first, int firstNumber)
    {
        var sentence = text.SentenceOf(first.Start);
        Span[]? words = null;
        int[]? numbers = null;
        var last = first;
        for (var part = 1; part < parts.Length; part++)
        {
            var (from, to) = ordered
                ? (last.End, Math.Min(last.End + Phrase.Gap, text.SentenceEnd(sentence)))
                : (text.SentenceStart(sentence), text.SentenceEnd(sentence));
            var (next, number) = Earliest(parts[part], found, from, to);
            if (number < 0)
            {
                return null;
            }

            words ??= new Span[parts.Length];
            numbers ??= new int[parts.Length];
            (words[0], words[part], last) = (first, next, next);
            (numbers[0], numbers[part]) = (firstNumber, number);
        }

        return new(this, words!, numbers!);
    }

    private static (Span Word, int Number) Earliest(int[] part, WordFinds found, int from, int to)
    {
        var best = (Word: default(Span), Number: -1);
        foreach (var word in part)
        {
            var starts = found.StartsOf(word);
            if (starts.IsEmpty)
            {
                continue;
            }

            var index = starts.BinarySearch(from);
            index = index < 0 ? ~index : index;
            if (index < starts.Length && starts[index] < to && (best.Number < 0 || starts[index] < best.Word.Start))
            {
                best = (new(starts[index], starts[index] + found.LengthOf(word)), word);
            }
        }

        return best;
    }
}
