using System.Collections.Frozen;

namespace Consultation.Topics;

/// <summary>Words looked up at one place of a text. Nearly everywhere none begins, which costs one look at the character.</summary>
internal sealed class WordSet
{
    private readonly FrozenDictionary<char, string[]> byFirst;

    public WordSet(IEnumerable<string> words) =>
        byFirst = words.Select(Phrase.Fold).Where(word => word.Length > 0).Distinct()
            .GroupBy(word => word[0])
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(word => word.Length).ToArray());

    /// <summary>The lengths of the words that begin at a place and end at the limit or before, rising.</summary>
    public Lengths LengthsAt(FoldedText text, int at, int limit) =>
        at < limit && byFirst.TryGetValue(text[at], out var words) ? new(words, text.Slice(at, limit)) : default;

    public bool StandAt(FoldedText text, int at, int limit) => LengthsAt(text, at, limit).MoveNext();

    /// <summary>An enumerator that leaves no garbage.</summary>
    public ref struct Lengths(string[] words, ReadOnlySpan<char> rest)
    {
        private readonly string[]? words = words;
        private readonly ReadOnlySpan<char> rest = rest;
        private int next;

        public int Current { get; private set; }

        public readonly Lengths GetEnumerator() => this;

        public bool MoveNext()
        {
            while (words is not null && next < words.Length && words[next].Length <= rest.Length)
            {
                var word = words[next++];
                if (rest.StartsWith(word, StringComparison.Ordinal))
                {
                    Current = word.Length;
                    return true;
                }
            }

            return false;
        }
    }
}
