using System.Globalization;

namespace Consultation.Faults;

/// <param name="Run"><c>all</c>, <c>slice</c>, <c>visits</c>, or the name of one scenario.</param>
/// <param name="Product">The folder of the published build.</param>
/// <param name="Folder">Where data, logs and ledgers of the run stand.</param>
/// <param name="Port">From here on free ports are looked for.</param>
/// <param name="Results">Where a result file goes.</param>
internal sealed record RunOptions(
    string Run, bool IsWhole, int Seconds, int Seed, int Clients, int AtOnce, string? Product, string Folder, bool KeepsFolder, int Port, bool Faults, string? Results)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Consultation.Faults -- all [options]       # every scenario, in full
        dotnet run -c Release --project tests/Consultation.Faults -- slice [options]     # the same ones in short, as deploy/test runs them
        dotnet run -c Release --project tests/Consultation.Faults -- NAME [options]      # one of them, in full; with --slice in short
        dotnet run -c Release --project tests/Consultation.Faults -- visits [options]    # the hour of chaos

          --seed N        of clients and faults (1)
          --at-once N     how many scenarios go on beside each other (all and NAME: 1, slice: 2)
          --product DIR   what was published to DIR before, instead of publishing this clone
          --folder DIR    keep data, logs and the clients' ledgers there (a temporary folder, gone after a good run)
          --port N        free ports are looked for from here on (5180)
          --results FILE  write the verdicts as a .trx file too
          --seconds N     visits: how long clients work (120; 3600 is the whole run)
          --clients N     visits: who work at once (24)
          --no-faults     visits: contention alone, nothing is killed
        """;

    private static readonly string[] Flags = ["--no-faults", "--slice"];

    /// <exception cref="ArgumentException">What was asked for is not there.</exception>
    public static RunOptions Read(string[] args)
    {
        if (args is not [var run, .. var rest] || !(run is "all" or "slice" or "visits" || Scenarios.All.Any(s => s.Name == run)))
        {
            throw new ArgumentException($"Which run? all, slice, visits, or one of: {string.Join(", ", Scenarios.All.Select(s => s.Name))}.");
        }

        var given = new Dictionary<string, string>();
        for (var i = 0; i < rest.Length; i++)
        {
            given[rest[i]] = Flags.Contains(rest[i]) ? "" : i + 1 < rest.Length ? rest[++i] : throw new ArgumentException($"{rest[i]} needs a value.");
        }

        string? Take(string name) => given.Remove(name, out var value) ? value : null;
        int Number(string name, int usual) => Take(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var isShort = Take("--slice") is not null || run == "slice";
        var folder = Take("--folder");
        var options = new RunOptions(
            run, !isShort, Number("--seconds", 120), Number("--seed", 1), Number("--clients", 24), Number("--at-once", run == "slice" ? 2 : 1), Take("--product"),
            folder ?? Path.Combine(Path.GetTempPath(), $"consultation-faults-{Environment.ProcessId}"), folder is not null, Number("--port", 5180), Take("--no-faults") is null, Take("--results"));
        return given.Count == 0 ? options : throw new ArgumentException($"{given.Keys.First()} is not known.");
    }
}
