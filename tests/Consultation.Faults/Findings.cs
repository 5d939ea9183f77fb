namespace Consultation.Faults;

/// <summary>What nobody should have met, and how often everything else was.</summary>
/// <param name="run">Named before each finding, because runs go on beside each other.</param>
internal sealed class Findings(string run = "")
{
    private const int MostTold = 50;
    private readonly List<string> told = [];
    private readonly SortedDictionary<string, int> counts = [];
    private readonly Lock gate = new();
    private int all;

    public bool Any => all > 0;

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (gate)
            {
                return all > told.Count ? [.. told, $"… and {all - told.Count} more"] : [.. told];
            }
        }
    }

    public void Add(string finding)
    {
        lock (gate)
        {
            all++;
            if (told.Count < MostTold)
            {
                told.Add(finding);
                Console.Error.WriteLine($"FOUND {run}{(run.Length == 0 ? "" : ": ")}{finding}");
            }
        }
    }

    public void Count(int status) => Count($"{status}");

    public void Count(string what, int many = 1)
    {
        lock (gate)
        {
            counts[what] = counts.GetValueOrDefault(what) + many;
        }
    }

    public int Counted(string what)
    {
        lock (gate)
        {
            return counts.GetValueOrDefault(what);
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            return string.Join("  ", counts.Select(c => $"{c.Key} {c.Value}"));
        }
    }
}
