using System.Buffers;
using System.Text;
using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>Finds every fault of a rule base, by trying each rule on its own words and on greetings that mean nothing.</summary>
internal static class RuleBaseCheck
{
    private const int LongestAnswer = 400;
    private const int LongestTitle = 40;
    private const decimal HeaviestWeight = 10m;

    // The default rules need 24 at most; groups that multiply each other could stop the server.
    private const int MostSpellings = 500;

    private static readonly SearchValues<char> Notation = SearchValues.Create("|…&{}");

    // A rule that speaks in one of these would speak in nearly every text.
    private static readonly string[] Greetings =
    [
        "いつもお世話になっております。よろしくお願いいたします。",
        "折り返しお電話をいただけますでしょうか。",
        "テレワークについて相談したいのですが、担当の方はいらっしゃいますか。",
        "在宅勤務の件でお電話しました。弊社は従業員二十名の会社です。",
        "we have a question about telework",
    ];

    public static List<RuleFault> FaultsOf(RuleBase rules)
    {
        var faults = new List<RuleFault>();
        CheckWhole(rules, faults);
        foreach (var answer in rules.Answers)
        {
            CheckAnswer(answer, faults);
        }

        foreach (var rule in rules.Rules)
        {
            CheckRule(rules, rule, faults);
        }

        if (faults.Count == 0)
        {
            TryOut(rules, faults);
        }

        return faults;
    }

    private static void CheckWhole(RuleBase rules, List<RuleFault> faults)
    {
        Add(faults, rules.Version <= 0, "rules.version", "version", $"{rules.Version}");
        Add(faults, rules.Threshold is <= 0 or > HeaviestWeight, "rules.threshold", "threshold", $"{rules.Threshold}");
        Add(faults, rules.Floor <= 0 || rules.Floor > rules.Threshold, "rules.floor", "floor", $"{rules.Floor}");
        Add(faults, rules.Margin is < 0 or > HeaviestWeight, "rules.margin", "margin", $"{rules.Margin}");
        Add(faults, rules.Rules.Count == 0, "rules.empty", "rules", "0");
        AddRepeated(faults, "rule.code", rules.Rules.Select(rule => rule.Code));
        AddRepeated(faults, "answer.code", rules.Answers.Select(answer => answer.Code));
        foreach (var mask in rules.Masks)
        {
            CheckNotation(rules, "masks", mask, faults);
        }

        CheckWords(rules, "sameWords", rules.SameWords.SelectMany(group => group), faults);
        CheckWords(rules, "together", rules.Together, faults);
        CheckWords(rules, "asks", rules.Asks, faults);
        CheckWords(rules, "introductions", rules.Introductions, faults);
        CheckWords(rules, "focus", rules.Focus, faults);
        foreach (var (name, words) in rules.Kinds)
        {
            Add(faults, name.Length == 0 || name.AsSpan().ContainsAny(Notation), "kind.name", "kinds", name);
            Add(faults, words.Count == 0, "kind.empty", "kinds", name);
            CheckWords(rules, name, words, faults);
        }

        // A word in two groups would stand for words of both in one reading and not in the next, and two such groups lead in a circle.
        AddRepeated(faults, "rules.same_words", rules.SameWords.SelectMany(group => group.Select(Phrase.Fold).Distinct()));
        foreach (var group in rules.SameWords)
        {
            Add(faults, group.Select(Phrase.Fold).Distinct().Count() < 2, "rules.same_words_alone", "sameWords", string.Join('、', group));
        }

        foreach (var topic in rules.Leans.Keys)
        {
            Add(faults, TopicCatalogue.Find(topic)?.Lead != TopicLead.Both, "lean.topic", "leans", topic);
        }
    }

    // Plain words: a kind that named another could lead in a circle.
    private static void CheckWords(RuleBase rules, string where, IEnumerable<string> words, List<RuleFault> faults)
    {
        foreach (var word in words)
        {
            CheckNotation(rules, where, word, faults);
            Add(faults, word.AsSpan().ContainsAny(Notation), "phrase.unreadable", where, word);
        }
    }

    private static void CheckAnswer(StandardAnswer answer, List<RuleFault> faults)
    {
        Add(faults, string.IsNullOrWhiteSpace(answer.Code), "answer.code", "answers", answer.Code);
        Add(faults, string.IsNullOrWhiteSpace(answer.Title) || answer.Title.Length > LongestTitle, "answer.title", answer.Code, answer.Title);
        Add(faults, string.IsNullOrWhiteSpace(answer.Text) || answer.Text.Length > LongestAnswer, "answer.text", answer.Code, $"{answer.Text.Length}");
    }

    private static void CheckRule(RuleBase rules, Rule rule, List<RuleFault> faults)
    {
        var topic = TopicCatalogue.Find(rule.Topic);
        Add(faults, string.IsNullOrWhiteSpace(rule.Code), "rule.code", "rules", rule.Code);
        Add(faults, rule.Topic is not null && topic is null, "rule.topic", rule.Code, rule.Topic ?? "");
        var needsMatter = rule.Topic is null || topic?.Lead == TopicLead.Desk;
        Add(faults, needsMatter == string.IsNullOrWhiteSpace(rule.Matter), "rule.matter", rule.Code, rule.Matter ?? "");
        Add(faults, rule.Weight is <= 0 or > HeaviestWeight, "rule.weight", rule.Code, $"{rule.Weight}");
        Add(faults, rule.Phrases.Count == 0, "rule.phrases", rule.Code, "0");
        Add(faults, (rule.Prevails || rule.Unclear || rule.PrivatePerson) && topic?.Lead != TopicLead.Desk, "rule.prevails", rule.Code, rule.Topic ?? "");
        foreach (var key in rule.Referrals)
        {
            Add(faults, ReferralTargets.All.All(target => target.Key != key), "rule.referral", rule.Code, key);
        }

        foreach (var code in rule.Answers)
        {
            Add(faults, rules.Answers.All(answer => answer.Code != code), "rule.answer", rule.Code, code);
        }

        var words = rule.Phrases.Concat(rule.Except).Concat(rule.Without).Concat(rule.Absent).Concat(rule.Needs);
        foreach (var phrase in words)
        {
            CheckNotation(rules, rule.Code, phrase, faults);
            Add(faults, Phrase.TryRead(phrase, rules.Kinds, out var read) && read.CountSpellings(rules.SameWords) > MostSpellings, "phrase.too_many_spellings", rule.Code, phrase);
        }
    }

    private static void CheckNotation(RuleBase rules, string where, string source, List<RuleFault> faults)
    {
        if (!Phrase.TryRead(source, rules.Kinds, out var phrase) || !source.IsNormalized(NormalizationForm.FormC))
        {
            faults.Add(new("phrase.unreadable", where, source));
        }
        else if (phrase.IsTooCommon)
        {
            faults.Add(new("phrase.matches_everything", where, source));
        }
    }

    private static void TryOut(RuleBase rules, List<RuleFault> faults)
    {
        var reader = new RuleReader(rules);
        foreach (var greeting in Greetings)
        {
            foreach (var code in RulesIn(greeting))
            {
                faults.Add(new("phrase.matches_everything", code, greeting));
            }
        }

        foreach (var rule in rules.Rules)
        {
            var needed = rule.Needs.Count > 0 && Phrase.TryRead(rule.Needs[0], rules.Kinds, out var need) ? need.Examples.First() + "。" : "";
            foreach (var source in rule.Phrases)
            {
                Phrase.TryRead(source, rules.Kinds, out var phrase);
                Add(faults, !phrase.Examples.Any(example => RulesIn(needed + example).Contains(rule.Code)), "phrase.matches_nothing", rule.Code, source);
            }
        }

        HashSet<string> RulesIn(string text)
        {
            using var folded = new FoldedText(text);
            return [.. reader.StandingIn(folded).Select(entry => entry.Rule.Code)];
        }
    }

    private static void Add(List<RuleFault> faults, bool wrong, string code, string where, string detail)
    {
        if (wrong)
        {
            faults.Add(new(code, where, detail));
        }
    }

    private static void AddRepeated(List<RuleFault> faults, string code, IEnumerable<string> codes)
    {
        foreach (var group in codes.GroupBy(value => value).Where(group => group.Count() > 1))
        {
            faults.Add(new(code, group.Key, $"{group.Count()}"));
        }
    }
}
