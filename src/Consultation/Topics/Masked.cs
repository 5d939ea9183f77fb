namespace Consultation.Topics;

/// <summary>The stretches of a text in which no word means what it usually does, all asked at once (see <see cref="Span.Hides"/>).</summary>
internal sealed class Masked
{
    // How far the stretches that begin at a place or before reach; empty where there are none.
    private readonly int[] reach = [];

    public Masked(int length, List<Span> spans)
    {
        if (spans.Count == 0)
        {
            return;
        }

        reach = new int[length];
        foreach (var span in spans)
        {
            reach[span.Start] = Math.Max(reach[span.Start], span.End);
        }

        for (var at = 1; at < reach.Length; at++)
        {
            reach[at] = Math.Max(reach[at], reach[at - 1]);
        }
    }

    public bool HideAny(ReadOnlySpan<Span> words)
    {
        if (reach.Length == 0)
        {
            return false;
        }

        foreach (var word in words)
        {
            if (reach[word.Start] >= word.End || (word.Start > 0 && reach[word.Start - 1] > word.Start))
            {
                return true;
            }
        }

        return false;
    }
}
