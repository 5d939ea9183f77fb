using System.Globalization;
using System.Text.Json;
using Consultation.CaseLoad;
using Consultation.Persistence;
using Consultation.Web.Pages.Supervision;

namespace Consultation.Web.CommandLine;

/// <summary><c>report-month [YYYY-MM]</c>: the month's table (月次報告); the current month where none is named.</summary>
internal static class PrintMonth
{
    public static readonly Verb Verb = new("report-month", "report-month [YYYY-MM] [--json]", "月次報告を表示する（延べ・実、実施、未提出、専門家と省ごとの時間）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var json = arguments.Flag("--json");
        var month = arguments.Word() is { } text ? MonthOf(text) : (DateOnly?)null;
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var report = await product.SendAsync(new ReportMonth(month), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, StoredJson.Options));
            return 0;
        }

        Console.WriteLine(MonthTable.Title(report));
        foreach (var section in MonthTable.Of(report))
        {
            Console.WriteLine($"\n{section.Title}");
            foreach (var row in section.Rows.Prepend(section.Heads))
            {
                Console.WriteLine("  " + string.Join('\t', row));
            }

            if (section.Note is not null)
            {
                Console.WriteLine($"  ({section.Note})");
            }
        }

        return 0;
    }

    private static DateOnly MonthOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : throw new UsageError("月は 2026-11 のように書きます。");
}
