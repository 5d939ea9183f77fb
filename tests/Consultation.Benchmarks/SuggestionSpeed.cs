using System.Diagnostics;
using System.Globalization;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Benchmarks;

/// <summary>
/// <c>--suggestion [FILE]</c>: what reading a text by the default rules costs, in this process, one text after the other: a labelled file (the samples where
/// none is named), and long and hostile texts of 10,000 characters. Each text is read many times and stands with the median of its runs.
/// </summary>
internal static class SuggestionSpeed
{
    public const string Flag = "--suggestion";

    private const int Runs = 200;
    private const int LongRuns = 100;

    // The runtime compiles a hot loop anew for some hundred turns; a server has these behind it after its first minute, so they are not counted.
    private const int WarmUp = 200;
    private const int TextLength = 10_000;

    public static int Run(string[] rest)
    {
        var file = rest.FirstOrDefault() ?? Path.Combine("tests", "Consultation.Tests", "Vectors", "inquiries.csv");
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"{file} is not there; run this from the clone's folder or name a CSV file with a column text.");
            return 2;
        }

        var started = Stopwatch.GetTimestamp();
        var suggester = new Suggester(RuleBase.Default);
        var compiled = Stopwatch.GetElapsedTime(started);
        var texts = TextsOf(file);
        Measure(suggester, texts, WarmUp);
        var (times, bytes) = Measure(suggester, texts, Runs);

        Console.WriteLine($"rules of version {suggester.Version}: {RuleBase.Default.Rules.Sum(rule => rule.Phrases.Count)} phrases, compiled in {compiled.TotalMilliseconds:F0} ms");
        Console.WriteLine(FormattableString.Invariant($"{"texts",-34} {"characters",10} {"median µs",10} {"p95 µs",10} {"most µs",10} {"KB each",8}"));
        Print(Path.GetFileName(file), texts, times, bytes);
        foreach (var (name, text) in LongTexts(texts))
        {
            string[] one = [text];
            Measure(suggester, one, WarmUp);
            (times, bytes) = Measure(suggester, one, LongRuns);
            Print(name, one, times, bytes);
        }

        return 0;
    }

    private static List<string> TextsOf(string file)
    {
        var rows = CsvText.Read(CsvText.Decode(File.ReadAllBytes(file)) ?? "");
        var at = rows[0].ToList().IndexOf("text");
        return [.. rows.Skip(1).Select(row => row[at])];
    }

    private static IEnumerable<(string Name, string Text)> LongTexts(List<string> texts)
    {
        yield return ("long: the texts one after the other", Filled(string.Concat(texts)));
        yield return ("hostile: topics, joins, negations", Filled("VPN、規程や手当は不要ではなく"));
        yield return ("hostile: closings without end", Filled("規程は作ってもらって、"));
        yield return ("hostile: one letter", Filled("の"));
        yield return ("hostile: beginnings of words", Filled("テレテレワーテレワー在宅在在宅勤"));

        static string Filled(string part) => string.Concat(Enumerable.Repeat(part, (TextLength / part.Length) + 1))[..TextLength];
    }

    private static (double[] Microseconds, long Bytes) Measure(Suggester suggester, IReadOnlyList<string> texts, int runs)
    {
        var of = texts.Select(_ => new double[runs]).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < runs; run++)
        {
            for (var text = 0; text < texts.Count; text++)
            {
                var started = Stopwatch.GetTimestamp();
                suggester.Suggest(texts[text]);
                of[text][run] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
        }

        return ([.. of.Select(times => times.Order().ElementAt(times.Length / 2)).Order()], (GC.GetAllocatedBytesForCurrentThread() - before) / ((long)runs * texts.Count));
    }

    private static void Print(string name, IReadOnlyList<string> texts, double[] times, long bytes) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-34} {texts.Average(text => text.Length),10:F0} {times[times.Length / 2],10:F0} {times[(int)(times.Length * 0.95)],10:F0} {times[^1],10:F0} {bytes / 1024.0,8:F1}"));
}
