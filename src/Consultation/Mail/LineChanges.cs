namespace Consultation.Mail;

public enum LineChangeKind { Same, Gone, Added }

/// <summary>A line of a text beside its older version.</summary>
public sealed record LineChange(LineChangeKind Kind, string Text);

/// <summary>What changed between two texts, line by line: the longest common sequence stays, the rest went or came.</summary>
internal static class LineChanges
{
    /// <summary>All lines of both; empty where the texts are the same.</summary>
    internal static IReadOnlyList<LineChange> Between(string before, string after)
    {
        if (before == after)
        {
            return [];
        }

        var (old, young) = (before.TrimEnd('\n').Split('\n'), after.TrimEnd('\n').Split('\n'));
        // How many lines are common from here to both ends.
        var common = new int[old.Length + 1, young.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = young.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == young[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var changes = new List<LineChange>();
        for (int i = 0, j = 0; i < old.Length || j < young.Length;)
        {
            if (i < old.Length && j < young.Length && old[i] == young[j])
            {
                changes.Add(new(LineChangeKind.Same, old[i++]));
                j++;
            }
            else if (j == young.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                changes.Add(new(LineChangeKind.Gone, old[i++]));
            }
            else
            {
                changes.Add(new(LineChangeKind.Added, young[j++]));
            }
        }

        return changes;
    }
}
