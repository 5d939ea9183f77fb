namespace Consultation.Topics;

/// <summary>One fault of a rule base: a code, the rule, phrase or answer it stands in, and the offending value.</summary>
public sealed record RuleFault(string Code, string Where, string Detail);

/// <summary>
/// A rule base was refused. All its faults are listed. Codes: rules.unreadable, rules.version, rules.threshold, rules.floor, rules.margin, rules.empty,
/// rule.code, rule.topic, rule.matter, rule.weight, rule.phrases, rule.prevails, rule.referral, rule.answer,
/// phrase.unreadable, phrase.matches_everything, phrase.matches_nothing, phrase.too_many_spellings, rules.same_words, rules.same_words_alone, answer.code, answer.title, answer.text, lean.topic.
/// </summary>
public sealed class RuleBaseInvalid(IReadOnlyList<RuleFault> faults)
    : Exception("The rule base is invalid: " + string.Join("; ", faults.Take(5).Select(fault => $"{fault.Code} in {fault.Where} ({fault.Detail})")))
{
    public IReadOnlyList<RuleFault> Faults { get; } = faults;
}
