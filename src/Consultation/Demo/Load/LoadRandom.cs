namespace Consultation.Demo;

/// <summary>A small generator of its own (SplitMix64), so that a seed gives the same data on every machine and every version of .NET.</summary>
internal sealed class LoadRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>The generator of one row of a run; rows do not depend on each other.</summary>
    public static LoadRandom For(int seed, long row)
    {
        var random = new LoadRandom((ulong)(uint)seed * 0x9E3779B97F4A7C15 ^ (ulong)row * 0xD1B54A32D192ED03);
        random.Next(2);
        return random;
    }

    /// <returns>0 to <paramref name="below"/> - 1.</returns>
    public int Next(int below) => (int)((Bits() >> 11) % (ulong)below);

    public int Between(int least, int most) => least + Next(most - least + 1);

    public bool Chance(int percent) => Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> list) => list[Next(list.Count)];

    private ulong Bits()
    {
        state += 0x9E3779B97F4A7C15;
        var bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
