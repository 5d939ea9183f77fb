using System.Text.Json;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;

namespace Consultation.Web.CommandLine;

/// <summary>
/// <c>import FILE</c>: takes over inquiries from a CSV file (UTF-8 or Shift_JIS), every row once however often it is repeated; bad rows are
/// printed with line and reason. Ends with 1 when a row was rejected.
/// </summary>
internal static class Import
{
    public static readonly Verb Verb = new("import", "import FILE [--dry-run] [--json]", "問い合わせの CSV を取り込む（同じ行は一度だけ。メールは送らない）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var dryRun = arguments.Flag("--dry-run");
        var json = arguments.Flag("--json");
        var file = arguments.Needed(arguments.Word(), "FILE");
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var result = await product.SendAsync(new ImportInquiries(await ReadAsync(file, cancellationToken), dryRun), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, StoredJson.Options));
        }
        else
        {
            foreach (var rejected in result.Rejected)
            {
                Console.WriteLine($"{rejected.Line}行目 {rejected.Code}: {rejected.Message}");
            }

            Console.WriteLine($"読取り {result.Read}行、取込み {result.Imported}件{(dryRun ? "（確認のみ、保存していません）" : "")}、取込み済み {result.Skipped}件、不備 {result.Rejected.Count}件"
                + (result.Matched is { } matched ? $"、振り分け提案の一致 {matched}件" : ""));
        }

        return result.Rejected.Count == 0 ? 0 : 1;
    }

    /// <summary>What the system says of a file it cannot read is English and names the place; neither is for people.</summary>
    internal static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInput("FILE", "import.no_file");
        }
    }
}
