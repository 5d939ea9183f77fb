using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// The search row of a case: the folded text and its grams of one and two characters, with time of receipt and district for finding the newest and
/// one's own. Free of any row policy, because a policy would make PostgreSQL drop the GIN index; rights are asked of the joined case (design §5).
/// </summary>
public sealed class CaseSearch
{
    private CaseSearch()
    {
    }

    internal CaseSearch(Case found, string text)
    {
        (CaseId, ReceivedAt, District) = (found.Id, found.ReceivedAt, found.District);
        Folded = Fold(text);
        Grams = JapaneseText.Grams(text);
    }

    /// <summary>Lines stay apart, other white space goes: 「株式会社テスト」 is to find 「株式会社 テスト」.</summary>
    internal static string Fold(string text) =>
        string.Join('\n', JapaneseText.Fold(text).Split('\n').Select(line => string.Concat(line.Where(c => !char.IsWhiteSpace(c)))));

    public CaseId CaseId { get; private set; }
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>Slug; moves with the case.</summary>
    public string District { get; private set; } = "";
    public string Folded { get; private set; } = "";
    public int[] Grams { get; private set; } = [];

    /// <summary>Adds what was said later (a contact, a report) in one statement, without reading the row.</summary>
    public static Task AppendAsync(ConsultationDb db, CaseId caseId, string? text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Task.CompletedTask;
        }

        var folded = Fold(text);
        var grams = JapaneseText.Grams(text);
        return db.Database.ExecuteSqlAsync(
            $"update case_search set folded = folded || E'\n' || {folded}, grams = array(select distinct unnest(grams || {grams})) where case_id = {caseId.Value}", cancellationToken);
    }
}
