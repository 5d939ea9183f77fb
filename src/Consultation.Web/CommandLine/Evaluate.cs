using System.Globalization;
using System.Text.Json;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Web.CommandLine;

/// <summary>
/// <c>evaluate FILE</c>: how well the 振り分け基準 in use sends the inquiries of a labelled file. Prints figures and line numbers, never a text. Ends with 1
/// when a line could not be read.
/// </summary>
internal static class Evaluate
{
    public static readonly Verb Verb = new("evaluate", "evaluate FILE [--json]", "使用中の振り分け基準を、正解つきの CSV（text と expected_track）で測る（保存しない）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var json = arguments.Flag("--json");
        var file = arguments.Needed(arguments.Word(), "FILE");
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var result = await product.SendAsync(new EvaluateRules(await Import.ReadAsync(file, cancellationToken)), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, StoredJson.Options));
        }
        else
        {
            Print(result);
        }

        return result.Rejected.Count == 0 ? 0 : 1;
    }

    private static void Print(Evaluation result)
    {
        foreach (var rejected in result.Rejected)
        {
            Console.WriteLine($"{rejected.Line}行目 {rejected.Code}: {rejected.Message}");
        }

        Table("行き先", result.Ways, code => code);
        Table("担当する省", result.Tracks, code => code == "mic" ? "総務省" : "厚労省");
        Table("分野", result.Topics, code => $"{code} {TopicCatalogue.Find(code)?.NameJa}");
        Console.WriteLine("\n混同表（縦が正解、横が提案）");
        Console.WriteLine("  " + string.Join('\t', Way.All.Prepend("")));
        foreach (var expected in Way.All)
        {
            Console.WriteLine("  " + string.Join('\t', Way.All.Select(found => $"{result.Confusion.FirstOrDefault(pair => pair.Expected == expected && pair.Found == found)?.Count ?? 0}").Prepend(expected)));
        }

        Console.WriteLine("\n外れた行");
        foreach (var missed in result.Missed)
        {
            Console.WriteLine($"  {missed.Line}行目 正解 {missed.Expected} [{string.Join(' ', missed.ExpectedTopics)}] → 提案 {missed.Found} [{string.Join(' ', missed.FoundTopics)}]");
        }

        Console.WriteLine($"\n第{result.RuleVersion}版: 読取り {result.Read}行、正解 {result.Right}行、誤り {result.Wrong}行、判断を保留（unsure） {result.Unsure}行、不備 {result.Rejected.Count}行");
    }

    private static void Table(string title, IReadOnlyList<Measured> rows, Func<string, string> name)
    {
        Console.WriteLine($"\n{title}\t正解数\t提案数\t一致\t適合率\t再現率");
        foreach (var row in rows.Where(row => row.Expected + row.Found > 0))
        {
            Console.WriteLine($"  {name(row.Code)}\t{row.Expected}\t{row.Found}\t{row.Right}\t{Share(row.Precision)}\t{Share(row.Recall)}");
        }
    }

    private static string Share(double? share) => share is { } part ? part.ToString("P0", CultureInfo.InvariantCulture) : "–";
}
