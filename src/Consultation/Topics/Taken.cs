using System.Buffers;

namespace Consultation.Topics;

/// <summary>Which characters and words a subject has already used; each subject begins anew.</summary>
internal sealed class Taken(int length, int words) : IDisposable
{
    private readonly int[] characters = Borrowed.Cleared<int>(length);
    private readonly int[] counted = Borrowed.Cleared<int>(words);
    private readonly HashSet<PhraseMatch> several = new(PhraseMatch.SameWords);
    private int subject;

    public void Begin()
    {
        subject++;
        several.Clear();
    }

    public bool TryTake(ReadOnlySpan<Span> words)
    {
        foreach (var word in words)
        {
            if (characters.AsSpan(word.Start, word.End - word.Start).Contains(subject))
            {
                return false;
            }
        }

        foreach (var word in words)
        {
            characters.AsSpan(word.Start, word.End - word.Start).Fill(subject);
        }

        return true;
    }

    public bool CountsFirst(PhraseMatch match)
    {
        if (match.Numbers is not [var word])
        {
            return several.Add(match);
        }

        var first = counted[word] != subject;
        counted[word] = subject;
        return first;
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(characters);
        ArrayPool<int>.Shared.Return(counted);
    }
}
