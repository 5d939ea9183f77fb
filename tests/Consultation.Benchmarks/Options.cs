using System.Globalization;

namespace Consultation.Benchmarks;

/// <param name="Seconds">Measured time of one operation on one server; half of it goes before as warm-up.</param>
/// <param name="Only">Names of operations, or their beginnings; null for all.</param>
/// <param name="Out">A file for the figures as JSON.</param>
/// <param name="Published">A folder with the published product to measure; null publishes the clone.</param>
/// <param name="Data">A folder in which the filled databases are kept and found again; null for a temporary one.</param>
internal sealed record Options(
    IReadOnlyList<(string Name, int Cases)> Sizes, double Seconds, IReadOnlyList<string>? Only, string? Out, string? Data, string? Published, int Clients, bool Baseline, bool Newest, bool Plans, int ColdStarts)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Consultation.Benchmarks -- [options]
        dotnet run -c Release --project tests/Consultation.Benchmarks -- --candidates [--data DIR]   (matching alone, in this process)

          --sizes 10k,100k,1m   cases in the database, one after the other (all three)
          --seconds N           measured time per operation and server (6)
          --only create,read    only operations whose names begin so
          --clients N           connections that ask at once (8)
          --data DIR            keep the filled databases in DIR and use them again; what earlier runs wrote stays in them
          --product DIR         measure what was published to DIR before, instead of publishing this clone
          --out FILE            write the figures as JSON too
          --no-baseline         leave the bare endpoint out
          --no-newest           leave the bare search for the newest fifty out: at 1m it takes seconds an answer
          --no-plans            leave the plans of the heaviest statements out
          --cold N              cold starts (5)
          --assignment          stands alone: the exact assignment of waiting cases to experts, in this process, without a server
          --contention [--product DIR]   stands alone: 64 clients on four slots over HTTP; overlaps, answers, milliseconds
          --beside [--product DIR]   stands alone: the queue page while a coordinator assigns everything that waits, and without
          --mail [--product DIR]   stands alone: from the request to the mail server's 250 at 20 cases a second, and mails a second to a server that takes 20 ms for each
          --follow-ups [--product DIR]   stands alone: ten thousand follow-ups due in one minute, and the queue page beside
          --deadlines [--data DIR]   stands alone: the jobs and lists that look for due deadlines among a hundred thousand open ones, in this process
          --suggestion [FILE]   stands alone: microseconds per text of the suggestion, in this process
        """;

    public static Options Read(string[] args)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            var flag = args[i] is "--no-baseline" or "--no-newest" or "--no-plans";
            given[args[i]] = flag ? "" : i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
        }

        string? Take(string name) => given.Remove(name, out var value) ? value : null;
        double Number(string name, double usual) => Take(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : usual;
        var options = new Options(
            (Take("--sizes") ?? "10k,100k,1m").Split(',').Select(size => (size, CasesOf(size))).ToList(),
            Number("--seconds", 6), Take("--only")?.Split(','), Take("--out"), Take("--data"), Take("--product"), (int)Number("--clients", 8), Take("--no-baseline") is null, Take("--no-newest") is null, Take("--no-plans") is null,
            (int)Number("--cold", 5));
        return given.Count == 0 ? options : throw new ArgumentException($"{given.Keys.First()} is not known.");
    }

    public bool Wants(string operation) => Only is null || Only.Any(name => operation.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static int CasesOf(string size) => size[^1] switch
    {
        'k' => int.Parse(size[..^1], CultureInfo.InvariantCulture) * 1_000,
        'm' => int.Parse(size[..^1], CultureInfo.InvariantCulture) * 1_000_000,
        _ => int.Parse(size, CultureInfo.InvariantCulture),
    };
}
