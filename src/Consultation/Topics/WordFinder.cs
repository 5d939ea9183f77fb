using System.Runtime.InteropServices;

namespace Consultation.Topics;

/// <summary>
/// Finds all words of the rule base in one pass over a text (Aho–Corasick): the time grows with the text and the number of
/// finds, not with the number of rules.
/// </summary>
internal sealed class WordFinder
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<int> lengths = [];
    private readonly Dictionary<long, int> next = [];
    private readonly List<int> wordAt = [-1];
    private int[] fail = [];
    private int[] shorter = [];

    // The same edges for reading: the children of a state lie side by side, those of the first one by character.
    private readonly int[] first = new int[char.MaxValue + 1];
    private int[] childrenFrom = [];
    private char[] letters = [];
    private int[] targets = [];

    public int Add(string word)
    {
        if (ids.TryGetValue(word, out var known))
        {
            return known;
        }

        var node = 0;
        foreach (var c in word)
        {
            ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(next, Key(node, c), out var exists);
            if (!exists)
            {
                child = wordAt.Count;
                wordAt.Add(-1);
            }

            node = child;
        }

        var id = lengths.Count;
        ids.Add(word, id);
        lengths.Add(word.Length);
        wordAt[node] = id;
        return id;
    }

    public int Count => lengths.Count;

    public int LengthOf(int word) => lengths[word];

    /// <summary>Links each state to its longest proper suffix; call once, after the last word.</summary>
    public void Complete()
    {
        fail = new int[wordAt.Count];
        shorter = new int[wordAt.Count];
        // A child is always made after its parent, but a suffix may be made later than the state that needs it: go by depth.
        var children = next.GroupBy(edge => (int)(edge.Key >> 16)).ToDictionary(group => group.Key, group => group.ToArray());
        Lay(children);
        var queue = new Queue<int>([0]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var (key, child) in children.GetValueOrDefault(node, []))
            {
                fail[child] = node == 0 ? 0 : Step(fail[node], (char)(key & 0xFFFF));
                shorter[child] = wordAt[fail[child]] >= 0 ? fail[child] : shorter[fail[child]];
                queue.Enqueue(child);
            }
        }
    }

    /// <summary>The places of every word found. A word never crosses the end of a sentence or a gap. To be disposed.</summary>
    public WordFinds Find(FoldedText text)
    {
        var found = new WordFinds(this, text.Length);
        var node = 0;
        for (var at = 0; at < text.Length; at++)
        {
            node = Step(node, text[at]);
            for (var hit = wordAt[node] >= 0 ? node : shorter[node]; hit != 0; hit = shorter[hit])
            {
                var word = wordAt[hit];
                var start = at + 1 - lengths[word];
                if (text.SentenceOf(start) == text.SentenceOf(at) && text.IsUnbroken(start, at + 1) && text.IsWholeWord(start, at + 1))
                {
                    found.Add(word, start);
                }
            }
        }

        found.Complete();
        return found;
    }

    private void Lay(Dictionary<int, KeyValuePair<long, int>[]> children)
    {
        childrenFrom = new int[wordAt.Count + 1];
        letters = new char[next.Count];
        targets = new int[next.Count];
        var edge = 0;
        for (var node = 0; node < wordAt.Count; node++)
        {
            childrenFrom[node] = edge;
            foreach (var (key, child) in children.GetValueOrDefault(node, []))
            {
                (letters[edge], targets[edge]) = ((char)(key & 0xFFFF), child);
                edge++;
                if (node == 0)
                {
                    first[key & 0xFFFF] = child;
                }
            }
        }

        childrenFrom[^1] = edge;
    }

    private static long Key(int node, char c) => ((long)node << 16) | c;

    private int Step(int node, char c)
    {
        for (; node != 0; node = fail[node])
        {
            var from = childrenFrom[node];
            var edge = letters.AsSpan(from, childrenFrom[node + 1] - from).IndexOf(c);
            if (edge >= 0)
            {
                return targets[from + edge];
            }
        }

        return first[c];
    }
}
