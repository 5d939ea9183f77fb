using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Topics;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// How one's own draft of the 振り分け基準 would have suggested the newest cases, beside the rules in use. Who keeps the rules may see no cases,
/// so that only counts leave this room: neither numbers nor a word of the texts.
/// </summary>
[Requires(Permission.Administer)]
public sealed record CompareRules : IQuery<ComparedRules>
{
    public const int Most = 200;
}

/// <param name="Looked">How many cases were read, <see cref="CompareRules.Most"/> at most.</param>
public sealed record ComparedRules(int Looked, int Same, IReadOnlyList<RuleShift> Shifts);

/// <summary>So many cases would go another way.</summary>
public sealed record RuleShift(string From, string To, int Count);

internal sealed class CompareRulesHandler(ConsultationDb db, Execution execution, RuleDrafts drafts) : IRequestHandler<CompareRules, ComparedRules>
{
    public async Task<ComparedRules> Handle(CompareRules request, CancellationToken cancellationToken)
    {
        var draft = await drafts.FindAsync(cancellationToken) ?? throw new RuleViolation("rules.no_draft");
        var (inUse, changed) = (new Suggester(await drafts.NewestAsync(cancellationToken)), new Suggester(RuleBase.Stored(draft.Body)));
        var texts = await db.Set<Case>().OrderByDescending(c => c.Id).Take(CompareRules.Most).Select(c => c.Text).ToListAsync(cancellationToken);
        var ways = texts.Select(t => (From: Way(inUse.Suggest(t)), To: Way(changed.Suggest(t)))).ToList();
        execution.Audit("rules.compared", CaseRows.AsList, $"{texts.Count} cases, counts only");
        return new(texts.Count, ways.Count(w => w.From == w.To),
            [.. ways.Where(w => w.From != w.To).GroupBy(w => w).Select(g => new RuleShift(g.Key.From, g.Key.To, g.Count())).OrderByDescending(s => s.Count).ThenBy(s => s.From, StringComparer.Ordinal)]);
    }

    private static string Way(Suggestion suggestion) => suggestion.Outcome switch
    {
        Outcome.Route when suggestion.Tracks.Count > 1 => $"両省（主担当 {CaseWords.Of(suggestion.Lead ?? suggestion.Tracks[0])}）",
        Outcome.Route => CaseWords.Of(suggestion.Tracks[0]),
        Outcome.Desk => "窓口で対応",
        Outcome.Referral => "ほかの機関を紹介",
        _ => "聞き足してから判断",
    };
}
