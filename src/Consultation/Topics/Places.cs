using System.Buffers;

namespace Consultation.Topics;

/// <summary>Where the matches of a text begin and end and which are negated. Its arrays are borrowed, as those of <see cref="FoldedText"/>.</summary>
internal sealed class Places : IDisposable
{
    private readonly int length;

    // The ends of the matches, those that begin at one place side by side; offsets has one more entry than the text characters.
    private readonly int[] offsets;
    private readonly int[] ends;
    private readonly int[] nextStarts;

    // 1 where a match ends, 2 where a negated one does.
    private readonly byte[] endKinds;
    private readonly int[] endOfNegated;

    public Places(int length, List<PhraseMatch> matches)
    {
        this.length = length;
        (offsets, nextStarts, endOfNegated) = (Borrowed.Cleared<int>(length + 2), ArrayPool<int>.Shared.Rent(length + 1), Borrowed.Cleared<int>(length));
        (ends, endKinds) = (ArrayPool<int>.Shared.Rent(matches.Count), Borrowed.Cleared<byte>(length + 1));
        foreach (var match in matches)
        {
            offsets[match.Start + 2]++;
            endKinds[match.End] = 1;
        }

        for (var at = 0; at < length; at++)
        {
            offsets[at + 2] += offsets[at + 1];
        }

        foreach (var match in matches)
        {
            ends[offsets[match.Start + 1]++] = match.End;
        }

        nextStarts[length] = int.MaxValue;
        for (var at = length - 1; at >= 0; at--)
        {
            nextStarts[at] = offsets[at + 1] > offsets[at] ? at : nextStarts[at + 1];
        }
    }

    public bool IsEnd(int at) => endKinds[at] > 0;

    public bool IsNegatedEnd(int at) => endKinds[at] > 1;

    public void Negate(int end) => endKinds[end] = 2;

    /// <summary>Where the matches that begin at a place end; one of several that end together may stand there more than once.</summary>
    public ReadOnlySpan<int> EndsFrom(int start) => start < length ? ends.AsSpan(offsets[start], offsets[start + 1] - offsets[start]) : [];

    /// <summary>Where the next match begins, at the place or behind it.</summary>
    public int NextStart(int from) => nextStarts[from];

    public void CoverNegated(ReadOnlySpan<Span> words)
    {
        foreach (var word in words)
        {
            endOfNegated.AsSpan(word.Start, word.End - word.Start).Fill(word.End);
        }
    }

    public bool LiesOverNegated(ReadOnlySpan<Span> words)
    {
        foreach (var word in words)
        {
            foreach (var end in endOfNegated.AsSpan(word.Start, word.End - word.Start))
            {
                if (end > 0 && word.End <= end + 1)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(offsets);
        ArrayPool<int>.Shared.Return(ends);
        ArrayPool<int>.Shared.Return(nextStarts);
        ArrayPool<byte>.Shared.Return(endKinds);
        ArrayPool<int>.Shared.Return(endOfNegated);
    }
}
