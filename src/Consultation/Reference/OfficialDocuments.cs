namespace Consultation.Reference;

/// <summary>A public document or page of a ministry or public body that may be named to a client.</summary>
/// <param name="For">Codes of topics and of standard answers it belongs to.</param>
public sealed record OfficialDocument(string Title, string Publisher, string Url, IReadOnlyList<string> For);

/// <summary>
/// What is enclosed with an answer (domain.md §5, §14). Addresses are those of the publishers' own entry pages, which outlive their files;
/// whoever operates the product checks them before the first letter goes out (confidence M of the handbook).
/// </summary>
public static class OfficialDocuments
{
    public static IReadOnlyList<OfficialDocument> All { get; } =
        [.. CsvText.Embedded("official-documents.csv").Select(row => new OfficialDocument(row[0], row[1], row[2], row[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    /// <summary>Every document of any of the codes, in the catalogue's order, each once.</summary>
    public static IReadOnlyList<OfficialDocument> For(IEnumerable<string> codes)
    {
        var wanted = codes.ToHashSet();
        return [.. All.Where(document => document.For.Any(wanted.Contains))];
    }
}
