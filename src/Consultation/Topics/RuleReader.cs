namespace Consultation.Topics;

/// <summary>A rule with the matches that count, after exceptions and negations. Each distinct word counts the weight once.</summary>
internal sealed record RuleFind(Rule Rule, IReadOnlyList<PhraseMatch> Matches)
{
    public decimal Weight { get; init; }
}

/// <summary>The compiled rules: which of them speak in a text.</summary>
internal sealed class RuleReader
{
    private readonly WordFinder finder = new();
    private readonly Dictionary<int, List<(CompiledRule Rule, CompiledPhrase Phrase)>> byFirstWord = [];
    private readonly Dictionary<int, List<CompiledPhrase>> masksByFirstWord = [];
    private readonly Negation negation;

    public RuleReader(RuleBase rules)
    {
        foreach (var rule in rules.Rules)
        {
            var compiled = new CompiledRule(rule, Compile(rule.Except), Compile(rule.Without), Compile(rule.Absent));
            foreach (var phrase in Compile(rule.Phrases))
            {
                Index(byFirstWord, phrase, (compiled, phrase));
            }
        }

        foreach (var mask in Compile(rules.Masks))
        {
            Index(masksByFirstWord, mask, mask);
        }

        OrganisationNames.AddWords(finder);
        negation = new(rules.Negation);
        finder.Complete();
    }

    public List<RuleFind> Read(FoldedText text) =>
        [.. StandingIn(text).GroupBy(entry => (entry.Rule.Topic, entry.Rule.Matter)).SelectMany(subject => Weigh(text, [.. subject]))];

    /// <summary>Every match of every rule that is neither excepted nor negated.</summary>
    public List<(Rule Rule, PhraseMatch Match)> StandingIn(FoldedText text)
    {
        var found = finder.Find(text);
        var masked = found.Keys.SelectMany(word => masksByFirstWord.GetValueOrDefault(word, [])).Distinct()
            .SelectMany(mask => SpansOf(mask, text, found))
            .Concat(OrganisationNames.SpansIn(text, finder, found))
            .ToList();
        var candidates = found.Keys.SelectMany(word => byFirstWord.GetValueOrDefault(word, [])).Distinct()
            .GroupBy(entry => entry.Rule)
            .Select(group => (Rule: group.Key, Matches: Standing(group.Key, group.Select(entry => entry.Phrase), masked, text, found)))
            .Where(candidate => candidate.Matches.Count > 0)
            .ToList();
        var negated = negation.NegatedIn(text, [.. candidates.SelectMany(candidate => candidate.Matches)]);
        return
        [
            .. candidates.SelectMany(candidate => candidate.Matches
                .Where(match => !negated.Contains(match))
                .Select(match => (candidate.Rule.Rule, match))),
        ];
    }

    // The heaviest and longest words of a subject are taken first, and a word inside them does not count again.
    private static IEnumerable<RuleFind> Weigh(FoldedText text, List<(Rule Rule, PhraseMatch Match)> entries)
    {
        var taken = new Occupied(text.Length);
        var words = new HashSet<string>(StringComparer.Ordinal);
        var weights = new Dictionary<Rule, decimal>(ReferenceEqualityComparer.Instance);
        var matches = new Dictionary<Rule, List<PhraseMatch>>(ReferenceEqualityComparer.Instance);
        foreach (var (rule, match) in entries
            .OrderByDescending(entry => entry.Rule.Weight)
            .ThenByDescending(entry => entry.Match.Words.Sum(word => word.End - word.Start))
            .ThenBy(entry => entry.Match.Start))
        {
            // A rule whose words another has taken adds no weight, but its referrals and answers still hold.
            if (!matches.TryGetValue(rule, out var list))
            {
                matches.Add(rule, list = []);
                weights.Add(rule, 0);
            }

            if (!taken.TryTake(match.Words))
            {
                continue;
            }

            list.Add(match);
            if (words.Add(string.Join(' ', match.Words.Select(word => text.Slice(word.Start, word.End).ToString()))))
            {
                weights[rule] += rule.Weight;
            }
        }

        return matches.Select(entry => new RuleFind(entry.Key, entry.Value) { Weight = weights[entry.Key] });
    }

    private static IEnumerable<Span> SpansOf(CompiledPhrase phrase, FoldedText text, Dictionary<int, List<int>> found) =>
        phrase.FindIn(text, found).Select(match => new Span(match.Start, match.End));

    private static List<PhraseMatch> Standing(
        CompiledRule rule, IEnumerable<CompiledPhrase> phrases, List<Span> masked, FoldedText text, Dictionary<int, List<int>> found)
    {
        if (rule.Absent.Any(phrase => phrase.FindIn(text, found).Count > 0))
        {
            return [];
        }

        var hidden = rule.Except.SelectMany(phrase => SpansOf(phrase, text, found)).Concat(masked).ToList();
        var barred = rule.Without.SelectMany(phrase => phrase.FindIn(text, found)).Select(match => text.SentenceOf(match.Start)).ToHashSet();
        return
        [
            .. phrases.SelectMany(phrase => phrase.FindIn(text, found))
                .Where(match => !barred.Contains(text.SentenceOf(match.Start)))
                .Where(match => !match.Words.Any(word => hidden.Exists(span => span.Hides(word)))),
        ];
    }

    private static void Index<T>(Dictionary<int, List<T>> index, CompiledPhrase phrase, T entry)
    {
        foreach (var word in phrase.FirstWords)
        {
            if (!index.TryGetValue(word, out var list))
            {
                index.Add(word, list = []);
            }

            list.Add(entry);
        }
    }

    private List<CompiledPhrase> Compile(IEnumerable<string> sources) =>
        [.. sources.Select(source => Phrase.TryRead(source, out var phrase)
            ? new CompiledPhrase(phrase, finder)
            : throw new RuleBaseInvalid([new("phrase.unreadable", source, source)]))];

    // A class and not a record: rules are told apart by identity, and comparing their word lists would cost more than reading.
    private sealed class CompiledRule(Rule rule, List<CompiledPhrase> except, List<CompiledPhrase> without, List<CompiledPhrase> absent)
    {
        public Rule Rule => rule;

        public List<CompiledPhrase> Except => except;

        public List<CompiledPhrase> Without => without;

        public List<CompiledPhrase> Absent => absent;
    }

    /// <summary>Which characters a subject has already used.</summary>
    private sealed class Occupied(int length)
    {
        private readonly bool[] used = new bool[length];

        public bool TryTake(IReadOnlyList<Span> words)
        {
            if (words.Any(word => used.AsSpan(word.Start, word.End - word.Start).Contains(true)))
            {
                return false;
            }

            foreach (var word in words)
            {
                used.AsSpan(word.Start, word.End - word.Start).Fill(true);
            }

            return true;
        }
    }
}
