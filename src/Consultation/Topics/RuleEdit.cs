using System.Text;

namespace Consultation.Topics;

/// <summary>A phrase and the rule (group of one weight) it stands in.</summary>
public sealed record PhraseIn(string Rule, string Phrase);

/// <summary>One change of a draft, as people make them; each is a pure function of the rule base.</summary>
public abstract record RuleEdit
{
    /// <exception cref="RuleBaseInvalid">There is nothing to change there.</exception>
    internal abstract RuleBase Apply(RuleBase rules);

    protected static RuleBase With(RuleBase rules, string code, Func<Rule, Rule> change) =>
        rules.Rules.Any(r => r.Code == code)
            ? rules with { Rules = [.. rules.Rules.Select(r => r.Code == code ? change(r) : r)] }
            : throw new RuleBaseInvalid([new("rule.unknown", code, code)]);
}

/// <summary>Adds a phrase to a rule; see <see cref="Phrase"/> for the notation. One that stands there already stays once.</summary>
public sealed record AddPhrase(string Rule, string? Phrase) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules)
    {
        var phrase = (Phrase ?? "").Trim().Normalize(NormalizationForm.FormC);
        return With(rules, Rule, r => r with { Phrases = [.. r.Phrases.Append(phrase).Distinct()] });
    }
}

/// <summary>Takes phrases out.</summary>
public sealed record RemovePhrases(IReadOnlyList<PhraseIn> Phrases) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules) =>
        Phrases.GroupBy(p => p.Rule).Aggregate(rules, (all, group) => With(all, group.Key, r => r with { Phrases = [.. r.Phrases.Except(group.Select(p => p.Phrase))] }));
}

/// <summary>Gives phrases another weight by moving them to the rule that has it.</summary>
public sealed record MovePhrases(IReadOnlyList<PhraseIn> Phrases, string To) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules) =>
        With(new RemovePhrases(Phrases).Apply(rules), To, r => r with { Phrases = [.. r.Phrases.Concat(Phrases.Select(p => p.Phrase)).Distinct()] });
}

/// <summary>Changes the weight of every phrase of a rule.</summary>
public sealed record WeighRule(string Rule, decimal? Weight) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules) => With(rules, Rule, r => r with { Weight = Weight ?? 0 });
}

/// <summary>Rewords a standard answer.</summary>
public sealed record RewordAnswer(string Code, string? Title, string? Text) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules) =>
        rules.Answers.Any(a => a.Code == Code)
            ? rules with { Answers = [.. rules.Answers.Select(a => a.Code == Code ? new StandardAnswer(Code, (Title ?? "").Trim(), (Text ?? "").ReplaceLineEndings("\n").Trim()) : a)] }
            : throw new RuleBaseInvalid([new("rule.answer", Code, Code)]);
}

/// <summary>Puts a whole rule base in place of the draft: the expert's way.</summary>
public sealed record ReplaceRules(string? Json) : RuleEdit
{
    internal override RuleBase Apply(RuleBase rules) => RuleBase.Stored(Json ?? "") with { Version = rules.Version };
}
