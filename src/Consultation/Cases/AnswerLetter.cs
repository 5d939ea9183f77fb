using System.Text.RegularExpressions;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Cases;

/// <summary>
/// The letter that carries a standard answer: the answer's own text, what the clerk adds, and the official documents that belong to the answer
/// and to the topics of the case. One place, so that what is shown before is what is sent (journey J34).
/// </summary>
internal sealed partial class AnswerLetter(RuleBook rules, DeskBook desks, Execution execution)
{
    public const string Template = "standard-answer";

    private const int LongestMark = 40;

    /// <summary>Gaps that a person typed or pasted from a draft: nobody fills them, and the client would read them (journey J39).</summary>
    public static IReadOnlyList<string> GapsIn(string? words) =>
        [.. Gap().Matches(words ?? "").Select(gap => gap.Value.Length > LongestMark ? gap.Value[..LongestMark] + "…" : gap.Value).Distinct()];

    [GeneratedRegex(@"[{｛]{2}[^{}｛｝]*[}｝]{2}")]
    private static partial Regex Gap();

    /// <exception cref="InvalidInput"><c>field.unknown_code</c>: the rules of today know no such answer.</exception>
    public async Task<(StandardAnswer Answer, IReadOnlyList<OfficialDocument> Enclosures, IReadOnlyDictionary<string, string> Gaps)> WriteAsync(
        Case found, string code, string? words, CancellationToken cancellationToken)
    {
        var answer = (await rules.RulesAsync(cancellationToken)).Answers.FirstOrDefault(a => a.Code == code.Trim()) ?? throw new InvalidInput("answer", "field.unknown_code");
        var enclosures = OfficialDocuments.For([answer.Code, .. found.Topics]);
        return (answer, enclosures, new Dictionary<string, string>
        {
            ["today"] = Wareki.FormatDay(JapanTime.DateOf(execution.Now)),
            ["title"] = answer.Title,
            ["number"] = found.Number,
            ["to"] = string.Join(' ', new[] { found.OrganisationName, found.ContactName ?? "ご担当者" }.Where(n => n is not null)),
            ["words"] = string.IsNullOrWhiteSpace(words) ? "" : $"{words.Trim()}\n\n",
            ["text"] = answer.Text,
            ["enclosures"] = enclosures.Count == 0 ? "（ありません）" : string.Join('\n', enclosures.Select(e => $"・{e.Title}（{e.Publisher}）\n　{e.Url}")),
            ["desk"] = (await desks.ReadAsync(cancellationToken)).Find(found.DeskId)?.Signature ?? "",
        });
    }
}
