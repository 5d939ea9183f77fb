using System.Text.Json;
using Consultation.Check;
using Consultation.Persistence;

namespace Consultation.Web.CommandLine;

/// <summary><c>check</c>: prints every broken invariant (reliability.md) and ends with 1 when there is one.</summary>
internal static class CheckInvariants
{
    public static readonly Verb Verb = new("check", "check [--json]", "データの約束ごとがすべて守られているか調べる（破れていれば終了コード 1）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var json = arguments.Flag("--json");
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var result = await product.SendAsync(new RunCheck(), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, StoredJson.Options));
        }
        else
        {
            foreach (var broken in result.Broken)
            {
                Console.WriteLine($"{broken.Invariant} {broken.Code} {broken.Subject}: {broken.Text}");
            }

            Console.WriteLine($"破れた約束ごと {result.Broken.Count}件。操作記録: 封印済み {result.SealedAuditRows}行、未封印 {result.UnsealedAuditRows}行");
        }

        return result.Broken.Count == 0 ? 0 : 1;
    }
}
