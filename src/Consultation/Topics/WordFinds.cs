using System.Buffers;

namespace Consultation.Topics;

/// <summary>The words of the rules that stand in one text, and where. Its arrays are borrowed, as those of <see cref="FoldedText"/>.</summary>
internal sealed class WordFinds(WordFinder finder, int length) : IDisposable
{
    // A word is found about every four characters of a long text.
    private const int CharactersPerWord = 4;

    private readonly List<int> words = [];
    private readonly List<int> counts = [];

    // By word one more than its place among the words found, so that 0 is none.
    private readonly int[] slots = Borrowed.Cleared<int>(finder.Count);
    private (int Slot, int Start)[] hits = ArrayPool<(int, int)>.Shared.Rent((length / CharactersPerWord) + 1);
    private int[] starts = [];
    private int[] ends = [];
    private int total;

    /// <summary>The words in the order in which the text first names them.</summary>
    public IReadOnlyList<int> Words => words;

    public void Add(int word, int start)
    {
        if (slots[word] == 0)
        {
            words.Add(word);
            counts.Add(0);
            slots[word] = words.Count;
        }

        if (total == hits.Length)
        {
            var more = ArrayPool<(int, int)>.Shared.Rent(2 * total);
            hits.CopyTo(more, 0);
            ArrayPool<(int, int)>.Shared.Return(hits);
            hits = more;
        }

        var slot = slots[word] - 1;
        hits[total++] = (slot, start);
        counts[slot]++;
    }

    /// <summary>Lays the places of each word side by side; call once, after the last find.</summary>
    public void Complete()
    {
        (starts, ends) = (ArrayPool<int>.Shared.Rent(total), ArrayPool<int>.Shared.Rent(words.Count));
        var from = 0;
        for (var slot = 0; slot < words.Count; slot++)
        {
            ends[slot] = from;
            from += counts[slot];
        }

        foreach (var (slot, start) in hits.AsSpan(0, total))
        {
            starts[ends[slot]++] = start;
        }
    }

    /// <summary>Where the word begins, rising; empty where it does not stand.</summary>
    public ReadOnlySpan<int> StartsOf(int word)
    {
        var slot = slots[word] - 1;
        return slot < 0 ? [] : starts.AsSpan(ends[slot] - counts[slot], counts[slot]);
    }

    public int LengthOf(int word) => finder.LengthOf(word);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(slots);
        ArrayPool<(int, int)>.Shared.Return(hits);
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<int>.Shared.Return(ends);
    }
}
