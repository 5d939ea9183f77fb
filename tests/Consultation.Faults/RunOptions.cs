using System.Globalization;

namespace Consultation.Faults;

/// <param name="Product">The folder of the published build.</param>
/// <param name="Folder">Where data, logs and ledger of the run stand.</param>
/// <param name="Port">The first of two free ports.</param>
internal sealed record RunOptions(int Seconds, int Seed, int Clients, string? Product, string Folder, int Port, bool Faults)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Consultation.Faults -- visits [options]

          --seconds N     how long clients work (120; 3600 is the whole run)
          --seed N        of the clients and the faults (1)
          --clients N     who work at once (24)
          --product DIR   what was published to DIR before, instead of publishing this clone
          --folder DIR    keep data, logs and the clients' ledger there (a temporary folder, gone after a good run)
          --port N        the first of two ports to serve on (5180)
          --no-faults     contention alone: nothing is killed
        """;

    public static RunOptions Read(string[] args)
    {
        if (args is not ["visits", .. var rest])
        {
            throw new ArgumentException("Which run? Only 'visits' is there.");
        }

        var given = new Dictionary<string, string>();
        for (var i = 0; i < rest.Length; i++)
        {
            given[rest[i]] = rest[i] == "--no-faults" ? "" : i + 1 < rest.Length ? rest[++i] : throw new ArgumentException($"{rest[i]} needs a value.");
        }

        string? Take(string name) => given.Remove(name, out var value) ? value : null;
        int Number(string name, int usual) => Take(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        var options = new RunOptions(
            Number("--seconds", 120), Number("--seed", 1), Number("--clients", 24), Take("--product"),
            Take("--folder") ?? Path.Combine(Path.GetTempPath(), $"consultation-faults-{Environment.ProcessId}"), Number("--port", 5180), Take("--no-faults") is null);
        return given.Count == 0 ? options : throw new ArgumentException($"{given.Keys.First()} is not known.");
    }
}
