namespace Consultation.Topics;

/// <summary>One difference between two rule bases in words.</summary>
/// <param name="Where">The topic or matter, <c>answers</c>, or empty for the whole.</param>
public sealed record RuleChange(string Where, string Words);

/// <summary>What a draft changes, and the same changes on a newer version.</summary>
internal static class RuleChanges
{
    private const string Answers = "answers";

    public static IReadOnlyList<RuleChange> Between(RuleBase before, RuleBase after)
    {
        var changes = new List<RuleChange>();
        foreach (var rule in after.Rules)
        {
            var where = rule.Topic is { } topic and not "OTHER" ? topic : rule.Matter ?? rule.Code;
            if (before.Rules.FirstOrDefault(r => r.Code == rule.Code) is not { } known)
            {
                changes.Add(new(where, $"組「{rule.Code}」を追加（重み{rule.Weight}、{rule.Phrases.Count}語句）"));
                continue;
            }

            changes.AddRange(rule.Phrases.Except(known.Phrases).Select(p => new RuleChange(where, $"「{p}」を追加（重み{rule.Weight}）")));
            changes.AddRange(known.Phrases.Except(rule.Phrases).Select(p => new RuleChange(where, $"「{p}」を削除（重み{known.Weight}）")));
            if (rule.Weight != known.Weight)
            {
                changes.Add(new(where, $"組「{rule.Code}」の重みを {known.Weight} から {rule.Weight} に変更"));
            }

            if (Rest(rule) != Rest(known))
            {
                changes.Add(new(where, $"組「{rule.Code}」の除外・紹介先・回答などを変更"));
            }
        }

        changes.AddRange(before.Rules.Where(r => after.Rules.All(a => a.Code != r.Code)).Select(r => new RuleChange(r.Topic ?? r.Matter ?? r.Code, $"組「{r.Code}」を削除")));
        changes.AddRange(after.Answers.Where(a => before.Answers.All(b => b != a)).Select(a => new RuleChange(Answers, $"「{a.Title}」の文面を変更")));
        changes.AddRange(before.Answers.Where(a => after.Answers.All(b => b.Code != a.Code)).Select(a => new RuleChange(Answers, $"「{a.Title}」を削除")));
        if (Whole(before) != Whole(after))
        {
            changes.Add(new("", "全体の設定（しきい値・打消しの言葉・同義語など）を変更"));
        }

        return changes;
    }

    /// <summary>
    /// The draft's own changes made again on a newer version: phrases one by one, everything else where the draft changed it. Where both
    /// changed the same, the draft's holds and stands in its list of changes to be looked at.
    /// </summary>
    public static RuleBase OnTop(RuleBase old, RuleBase draft, RuleBase newest)
    {
        var rules = newest.Rules.Where(n => draft.Rules.Any(d => d.Code == n.Code) || old.Rules.All(o => o.Code != n.Code)).Select(n =>
        {
            var (was, own) = (old.Rules.FirstOrDefault(o => o.Code == n.Code), draft.Rules.FirstOrDefault(d => d.Code == n.Code));
            if (was is null || own is null)
            {
                return own ?? n;
            }

            var rest = Rest(own) == Rest(was) ? n : own;
            return rest with
            {
                Weight = own.Weight == was.Weight ? n.Weight : own.Weight,
                Phrases = [.. n.Phrases.Except(was.Phrases.Except(own.Phrases)).Concat(own.Phrases.Except(was.Phrases)).Distinct()],
            };
        });
        var added = draft.Rules.Where(d => old.Rules.All(o => o.Code != d.Code) && newest.Rules.All(n => n.Code != d.Code));
        var answers = newest.Answers.Select(n => draft.Answers.FirstOrDefault(d => d.Code == n.Code) is { } own && old.Answers.FirstOrDefault(o => o.Code == n.Code) != own ? own : n)
            .Concat(draft.Answers.Where(d => newest.Answers.All(n => n.Code != d.Code) && old.Answers.All(o => o.Code != d.Code)));
        var whole = Whole(draft) == Whole(old) ? newest : draft;
        return whole with { Version = newest.Version, Rules = [.. rules.Concat(added)], Answers = [.. answers] };
    }

    // As JSON, because lists in records are equal only to themselves.
    private static string Rest(Rule rule) => System.Text.Json.JsonSerializer.Serialize(rule with { Phrases = [], Weight = 1 });

    private static string Whole(RuleBase rules) => (rules with { Version = 1, Rules = [], Answers = [] }).ToJson();
}
