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
    private readonly List<IReadOnlyList<string>> sameWords;

    public RuleReader(RuleBase rules)
    {
        sameWords = [.. rules.SameWords.Select(group => (IReadOnlyList<string>)[.. group.Select(Phrase.Fold)])];
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
            .SelectMany(mask => MatchesOf([mask], text, found))
            .Select(match => new Span(match.Start, match.End))
            .Concat(OrganisationNames.SpansIn(text, finder, found));
        var masks = new Masks(text.Length, masked);
        var standing = new List<(Rule Rule, PhraseMatch Match)>();
        foreach (var (rule, phrases) in PhrasesByRule(found))
        {
            foreach (var match in Standing(rule, phrases, masks, text, found))
            {
                standing.Add((rule.Rule, match));
            }
        }

        var negated = negation.NegatedIn(text, [.. standing.Select(entry => entry.Match)]);
        standing.RemoveAll(entry => negated.Contains(entry.Match));
        return standing;
    }

    // The rules and their phrases in the order in which the text first names them, which decides between equals.
    private OrderedDictionary<CompiledRule, List<CompiledPhrase>> PhrasesByRule(Dictionary<int, List<int>> found)
    {
        var phrases = new OrderedDictionary<CompiledRule, List<CompiledPhrase>>();
        var seen = new HashSet<CompiledPhrase>();
        foreach (var word in found.Keys)
        {
            if (!byFirstWord.TryGetValue(word, out var entries))
            {
                continue;
            }

            foreach (var (rule, phrase) in entries)
            {
                if (!seen.Add(phrase))
                {
                    continue;
                }

                if (phrases.TryGetValue(rule, out var known))
                {
                    known.Add(phrase);
                }
                else
                {
                    phrases.Add(rule, [phrase]);
                }
            }
        }

        return phrases;
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
            .ThenByDescending(entry => entry.Match.Letters)
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
            if (words.Add(WordsOf(text, match)))
            {
                weights[rule] += rule.Weight;
            }
        }

        return matches.Select(entry => new RuleFind(entry.Key, entry.Value) { Weight = weights[entry.Key] });
    }

    private static string WordsOf(FoldedText text, PhraseMatch match) => match.Words.Length == 1
        ? text.Slice(match.Start, match.End).ToString()
        : string.Join(' ', match.Words.Select(word => text.Slice(word.Start, word.End).ToString()));

    private static List<PhraseMatch> MatchesOf(List<CompiledPhrase> phrases, FoldedText text, Dictionary<int, List<int>> found)
    {
        var matches = new List<PhraseMatch>();
        foreach (var phrase in phrases)
        {
            phrase.FindIn(text, found, matches);
        }

        return matches;
    }

    private static List<PhraseMatch> Standing(
        CompiledRule rule, List<CompiledPhrase> phrases, Masks masks, FoldedText text, Dictionary<int, List<int>> found)
    {
        var standing = MatchesOf(phrases, text, found);
        standing.RemoveAll(match => Array.Exists(match.Words, masks.Hide));
        if (standing.Count == 0 || rule.Absent.Exists(phrase => phrase.StandsIn(text, found)))
        {
            return [];
        }

        var barred = MatchesOf(rule.Without, text, found);
        var excepted = MatchesOf(rule.Except, text, found);
        if (barred.Count > 0 || excepted.Count > 0)
        {
            var sentences = barred.Select(match => text.SentenceOf(match.Start)).ToHashSet();
            standing.RemoveAll(match => sentences.Contains(text.SentenceOf(match.Start))
                || Array.Exists(match.Words, word => excepted.Exists(phrase => new Span(phrase.Start, phrase.End).Hides(word))));
        }

        return standing;
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
            ? new CompiledPhrase(phrase.Spread(sameWords), finder)
            : throw new RuleBaseInvalid([new("phrase.unreadable", source, source)]))];

    // A class and not a record: rules are told apart by identity, and comparing their word lists would cost more than reading.
    private sealed class CompiledRule(Rule rule, List<CompiledPhrase> except, List<CompiledPhrase> without, List<CompiledPhrase> absent)
    {
        public Rule Rule => rule;

        public List<CompiledPhrase> Except => except;

        public List<CompiledPhrase> Without => without;

        public List<CompiledPhrase> Absent => absent;
    }

    /// <summary>The stretches of a text in which no word means what it usually does, all asked at once (see <see cref="Span.Hides"/>).</summary>
    private sealed class Masks
    {
        // How far the stretches that begin at a place or before reach; empty where there are none.
        private readonly int[] reach = [];

        public Masks(int length, IEnumerable<Span> spans)
        {
            foreach (var span in spans)
            {
                if (reach.Length == 0)
                {
                    reach = new int[length];
                }

                reach[span.Start] = Math.Max(reach[span.Start], span.End);
            }

            for (var at = 1; at < reach.Length; at++)
            {
                reach[at] = Math.Max(reach[at], reach[at - 1]);
            }
        }

        public bool Hide(Span word) => reach.Length > 0 && (reach[word.Start] >= word.End || (word.Start > 0 && reach[word.Start - 1] > word.Start));
    }

    /// <summary>Which characters a subject has already used.</summary>
    private sealed class Occupied(int length)
    {
        private readonly bool[] used = new bool[length];

        public bool TryTake(Span[] words)
        {
            if (Array.Exists(words, word => used.AsSpan(word.Start, word.End - word.Start).Contains(true)))
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
