using System.Text.Json;
using Consultation.Cases;
using Consultation.Persistence;

namespace Consultation.Web.CommandLine;

/// <summary><c>import FILE</c>: takes a file of inquiries over; every refused row is named with its line, a second run adds nothing.</summary>
internal static class Import
{
    public static readonly Verb Verb = new("import", "import FILE [--dry-run] [--json]", "相談の一覧（CSV、UTF-8 か Shift_JIS）を取り込む。メールは送らない", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var dryRun = arguments.Flag("--dry-run");
        var json = arguments.Flag("--json");
        var file = arguments.Needed(arguments.Word(), "FILE");
        var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var result = await product.SendAsync(new ImportInquiries(bytes, dryRun), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, StoredJson.Options));
            return 0;
        }

        foreach (var row in result.Rejected)
        {
            Console.WriteLine($"{row.Line}行目: {row.Message}（{row.Code}）");
        }

        var matched = result.Matched is { } count ? $"、見込みと一致 {count}件" : "";
        Console.WriteLine($"読込み {result.Read}行、{(dryRun ? "試行のみ" : $"登録 {result.Imported}件")}、登録済み {result.Skipped}件、取り込めない行 {result.Rejected.Count}件{matched}");
        return 0;
    }
}
