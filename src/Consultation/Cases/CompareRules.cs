using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// How one's own draft of the 振り分け基準 would have suggested the newest cases, beside the rules in use. Who keeps the rules may see no cases: what
/// leaves this room are numbers of cases, what was and would be suggested, and phrases as the rules write them, never a word of the texts.
/// </summary>
/// <exception cref="RuleViolation"><c>rules.no_draft</c></exception>
[Requires(Permission.Administer)]
public sealed record CompareRules : IQuery<ComparedRules>
{
    /// <summary>Cases read.</summary>
    public const int Most = 1_000;

    /// <summary>Cases listed.</summary>
    public const int MostListed = 100;
}

/// <param name="Looked">How many cases were read, <see cref="CompareRules.Most"/> at most.</param>
/// <param name="Changed">How many would go another way or to another lead; the counts of <paramref name="Shifts"/> add up to it.</param>
/// <param name="TopicsOnly">How many would go the same way by other topics.</param>
/// <param name="Cases">The newest that change, those that go another way first; <see cref="CompareRules.MostListed"/> at most.</param>
public sealed record ComparedRules(int Looked, int Changed, int TopicsOnly, IReadOnlyList<RuleShift> Shifts, IReadOnlyList<ComparedCase> Cases);

/// <summary>So many cases would go another way.</summary>
public sealed record RuleShift(string From, string To, int Count);

/// <param name="Id">Only for who may open cases.</param>
/// <param name="Lost">Phrases of the rules in use that spoke in the text and would no longer.</param>
/// <param name="Gained">Phrases of the draft that would speak and do not yet.</param>
/// <param name="Kept">Where neither is: the phrases that speak by both, whose weight or rule was changed.</param>
public sealed record ComparedCase(CaseId? Id, string Number, SuggestedWay From, SuggestedWay To, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, IReadOnlyList<string> Kept)
{
    public bool GoesAnotherWay => From.Way != To.Way;
}

/// <param name="Way">In words: who would take the case.</param>
/// <param name="Topics">Codes of the topics found.</param>
public sealed record SuggestedWay(string Way, IReadOnlyList<string> Topics);

internal sealed class CompareRulesHandler(ConsultationDb db, Execution execution, RuleDrafts drafts) : IRequestHandler<CompareRules, ComparedRules>
{
    private const int MostPhrases = 12;

    public async Task<ComparedRules> Handle(CompareRules request, CancellationToken cancellationToken)
    {
        var draft = await drafts.FindAsync(cancellationToken) ?? throw new RuleViolation("rules.no_draft");
        var (inUse, changed) = (new Suggester(await drafts.NewestAsync(cancellationToken)), new Suggester(RuleBase.Stored(draft.Body)));
        var cases = await db.Set<Case>().OrderByDescending(c => c.Id).Take(CompareRules.Most)
            .Select(c => new { c.Id, c.Number, c.Text, c.OrganisationName }).ToListAsync(cancellationToken);
        var mayOpen = execution.Actor.Can(Permission.ViewCases);
        var (shifts, compared) = (new Dictionary<(string From, string To), int>(), new List<ComparedCase>());
        foreach (var found in cases)
        {
            var context = SuggestionContext.Of(found.OrganisationName);
            var (from, to) = (WayOf(inUse.Suggest(found.Text, context)), WayOf(changed.Suggest(found.Text, context)));
            if (from.Way == to.Way && from.Topics.SequenceEqual(to.Topics))
            {
                continue;
            }

            if (from.Way != to.Way)
            {
                shifts[(from.Way, to.Way)] = shifts.GetValueOrDefault((from.Way, to.Way)) + 1;
            }

            var (before, after) = (PhrasesIn(inUse, found.Text), PhrasesIn(changed, found.Text));
            var (lost, gained) = (before.Except(after).ToList(), after.Except(before).ToList());
            compared.Add(new(mayOpen ? found.Id : null, found.Number, from, to, Most(lost), Most(gained), lost.Count + gained.Count > 0 ? [] : Most(before)));
        }

        var listed = compared.OrderByDescending(c => c.GoesAnotherWay).Take(CompareRules.MostListed).ToList();
        execution.Audit("rules.compared", CaseRows.AsList, $"{cases.Count} cases, {compared.Count} change, listed: {string.Join(' ', listed.Select(c => c.Number))}");
        return new(
            cases.Count, shifts.Values.Sum(), compared.Count(c => !c.GoesAnotherWay),
            [.. shifts.Select(s => new RuleShift(s.Key.From, s.Key.To, s.Value)).OrderByDescending(s => s.Count).ThenBy(s => s.From, StringComparer.Ordinal).ThenBy(s => s.To, StringComparer.Ordinal)],
            listed);
    }

    private static List<string> PhrasesIn(Suggester suggester, string text) => [.. suggester.PhrasesIn(text).Select(p => p.Phrase).Distinct()];

    private static IReadOnlyList<string> Most(IReadOnlyList<string> phrases) => [.. phrases.Take(MostPhrases)];

    private static SuggestedWay WayOf(Suggestion suggestion) => new(InWords(suggestion), [.. suggestion.Topics.Select(topic => topic.Code).Order(StringComparer.Ordinal)]);

    private static string InWords(Suggestion suggestion) => suggestion.Outcome switch
    {
        Outcome.Route when suggestion.Tracks.Count > 1 => $"両省（主担当 {CaseWords.Of(suggestion.Lead ?? suggestion.Tracks[0])}）",
        Outcome.Route => CaseWords.Of(suggestion.Tracks[0]),
        Outcome.Desk => "窓口で対応",
        Outcome.Referral => "ほかの機関を紹介",
        _ => "聞き足してから判断",
    };
}
