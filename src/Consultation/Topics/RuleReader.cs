using System.Runtime.InteropServices;
using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>A rule with the matches that count, after exceptions and negations. Each distinct word counts the weight once.</summary>
internal sealed record RuleFind(Rule Rule, List<PhraseMatch> Matches)
{
    public decimal Weight { get; set; }
}

/// <summary>The compiled rules: which of them speak in a text.</summary>
internal sealed class RuleReader
{
    // In characters; who says more of the firm in one sentence says what it lacks.
    private const int LongestIntroduction = 32;

    private readonly WordFinder finder = new();
    private readonly List<CompiledRule> rules = [];
    private readonly OrganisationNames organisations;
    private readonly Negation negation;
    private readonly WordSet asks;
    private readonly List<IReadOnlyList<string>> sameWords;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> kinds;
    private readonly Use[][] usesOfWord;
    private readonly int subjects;
    private int phrases;

    public RuleReader(RuleBase ruleBase)
    {
        sameWords = [.. ruleBase.SameWords.Select(group => (IReadOnlyList<string>)[.. group.Select(Phrase.Fold)])];
        kinds = ruleBase.Kinds;
        var ranks = ruleBase.Rules.Select(rule => rule.Weight).Distinct().OrderDescending().ToList();
        var subjectOf = new Dictionary<(string?, string?), int>();
        var uses = new Dictionary<int, List<Use>>();
        foreach (var rule in ruleBase.Rules)
        {
            ref var subject = ref CollectionsMarshal.GetValueRefOrAddDefault(subjectOf, (rule.Topic, rule.Matter), out var known);
            subject = known ? subject : subjectOf.Count - 1;
            var compiled = new CompiledRule(rule, rules.Count, subject, ranks.IndexOf(rule.Weight));
            rules.Add(compiled);
            Index(rule.Phrases, compiled, Part.Speaks);
            Index(rule.Except, compiled, Part.Excepts);
            Index(rule.Without, compiled, Part.Bars);
            Index(rule.Absent, compiled, Part.Absents);
            Index(rule.Needs, compiled, Part.Needs);
        }

        subjects = subjectOf.Count;
        Index(ruleBase.Masks, null, Part.Masks);
        Index(ruleBase.Introductions, null, Part.Introduces);
        asks = new(ruleBase.Asks);
        organisations = new(finder);
        negation = new(ruleBase.Negation);
        finder.Complete();
        usesOfWord = [.. Enumerable.Range(0, finder.Count).Select(word => uses.TryGetValue(word, out var list) ? list.ToArray() : [])];

        void Index(IEnumerable<string> sources, CompiledRule? rule, Part part)
        {
            foreach (var source in sources)
            {
                var compiled = Compile(source);
                foreach (var word in compiled.FirstWords)
                {
                    (CollectionsMarshal.GetValueRefOrAddDefault(uses, word, out _) ??= []).Add(new(compiled, rule, part));
                }
            }
        }
    }

    /// <summary>What a phrase does where it stands.</summary>
    private enum Part
    {
        Speaks,
        Excepts,
        Bars,
        Absents,
        Needs,
        Masks,
        Introduces,
    }

    /// <summary>What speaks in a text, by topic or matter in the order in which the text first names it.</summary>
    public List<List<RuleFind>> Read(FoldedText text)
    {
        var bySubject = new List<(CompiledRule Rule, PhraseMatch Match)>?[subjects];
        var order = new List<List<(CompiledRule Rule, PhraseMatch Match)>>();
        foreach (var entry in Standing(text))
        {
            var subject = entry.Rule.Subject;
            if (bySubject[subject] is not { } entries)
            {
                order.Add(entries = bySubject[subject] = []);
            }

            entries.Add(entry);
        }

        using var taken = new Taken(text.Length, finder.Count);
        return order.ConvertAll(entries => Weigh(entries, taken));
    }

    /// <summary>Every match of every rule that is neither excepted nor negated.</summary>
    public List<(Rule Rule, PhraseMatch Match)> StandingIn(FoldedText text) => [.. Standing(text).Select(entry => (entry.Rule.Rule, entry.Match))];

    /// <summary>The same before what is negated is taken away.</summary>
    public List<(Rule Rule, PhraseMatch Match)> SaidIn(FoldedText text) => [.. Said(text).Select(entry => (entry.Rule.Rule, entry.Match))];

    private List<(CompiledRule Rule, PhraseMatch Match)> Standing(FoldedText text)
    {
        var standing = Said(text);
        var negated = negation.NegatedIn(text, standing.ConvertAll(entry => entry.Match));
        var kept = 0;
        for (var entry = 0; entry < standing.Count; entry++)
        {
            if (!negated[entry])
            {
                standing[kept++] = standing[entry];
            }
        }

        standing.RemoveRange(kept, standing.Count - kept);
        return standing;
    }

    // The rules in the order in which the text first names them, which decides between equals.
    private List<(CompiledRule Rule, PhraseMatch Match)> Said(FoldedText text)
    {
        using var found = finder.Find(text);
        var ofRule = new Found?[rules.Count];
        var named = new List<CompiledRule>();
        var seen = new bool[phrases];
        var masks = new List<PhraseMatch>();
        var introductions = new List<PhraseMatch>();
        foreach (var word in found.Words)
        {
            foreach (var (phrase, rule, part) in usesOfWord[word])
            {
                if (seen[phrase.Number])
                {
                    continue;
                }

                seen[phrase.Number] = true;
                if (rule is null)
                {
                    phrase.FindIn(text, found, part == Part.Masks ? masks : introductions);
                    continue;
                }

                var finds = ofRule[rule.Number] ??= new();
                if (part == Part.Speaks && !finds.IsNamed)
                {
                    finds.IsNamed = true;
                    named.Add(rule);
                }

                phrase.FindIn(text, found, finds.Of(part));
            }
        }

        var masked = new Masked(text.Length, [.. masks.Select(match => new Span(match.Start, match.End)), .. organisations.SpansIn(text, found)]);
        var introduced = new Masked(text.Length, [.. introductions.Select(match => new Span(text.SentenceStart(text.SentenceOf(match.Start)), match.End)).Where(span => Introduces(text, span))]);
        var said = new List<(CompiledRule Rule, PhraseMatch Match)>();
        foreach (var rule in named)
        {
            ofRule[rule.Number]!.AddWhatStands(text, masked, introduced, rule, said);
        }

        return said;
    }

    private bool Introduces(FoldedText text, Span span)
    {
        if (span.End - span.Start > LongestIntroduction)
        {
            return false;
        }

        for (var at = span.Start; at < span.End; at++)
        {
            if (asks.StandAt(text, at, span.End) || (text[at] == 'ナ' && at + 1 < span.End && text[at + 1] is 'イ' or 'ク' or 'シ'))
            {
                return false;
            }
        }

        return true;
    }

    // The heaviest and longest words of a subject are taken first, and a word inside them does not count again.
    private static List<RuleFind> Weigh(List<(CompiledRule Rule, PhraseMatch Match)> entries, Taken taken)
    {
        taken.Begin();
        var order = new (ulong Key, int Entry)[entries.Count];
        for (var entry = 0; entry < order.Length; entry++)
        {
            var (rule, match) = entries[entry];
            order[entry] = (((ulong)rule.Rank << 48) | ((ulong)(ushort.MaxValue - Math.Min(match.Letters, ushort.MaxValue)) << 32) | (uint)match.Start, entry);
        }

        Array.Sort(order);
        var ofRule = new Dictionary<CompiledRule, RuleFind>();
        var finds = new List<RuleFind>();
        foreach (var (_, entry) in order)
        {
            var (rule, match) = entries[entry];

            // A rule whose words another has taken adds no weight, but its referrals and answers still hold.
            if (!ofRule.TryGetValue(rule, out var find))
            {
                finds.Add(find = new(rule.Rule, []));
                ofRule.Add(rule, find);
            }

            if (!taken.TryTake(match.Words))
            {
                continue;
            }

            find.Matches.Add(match);
            if (taken.CountsFirst(match))
            {
                find.Weight += rule.Rule.Weight;
            }
        }

        return finds;
    }

    private CompiledPhrase Compile(string source) => Phrase.TryRead(source, kinds, out var phrase)
        ? new CompiledPhrase(phrase.Spread(sameWords), finder, phrases++)
        : throw new RuleBaseInvalid([new("phrase.unreadable", source, source)]);

    private readonly record struct Use(CompiledPhrase Phrase, CompiledRule? Rule, Part Part);

    // A class and not a record: rules are told apart by identity, and comparing their word lists would cost more than reading.
    private sealed class CompiledRule(Rule rule, int number, int subject, int rank)
    {
        public Rule Rule => rule;

        public int Number => number;

        /// <summary>The number of its topic or matter.</summary>
        public int Subject => subject;

        /// <summary>0 for the heaviest rules.</summary>
        public int Rank => rank;

        /// <summary>It speaks for a topic, not for a matter of the desk.</summary>
        public bool IsOfTopic { get; } = TopicCatalogue.Find(rule.Topic)?.Lead is not (null or TopicLead.Desk);
    }

    /// <summary>What was found of one rule.</summary>
    private sealed class Found
    {
        private readonly List<PhraseMatch>?[] matches = new List<PhraseMatch>?[5];

        public bool IsNamed { get; set; }

        public List<PhraseMatch> Of(Part part) => matches[(int)part] ??= [];

        public void AddWhatStands(FoldedText text, Masked masked, Masked introduced, CompiledRule rule, List<(CompiledRule Rule, PhraseMatch Match)> said)
        {
            if (matches[(int)Part.Absents] is { Count: > 0 } || (rule.Rule.Needs.Count > 0 && matches[(int)Part.Needs] is not { Count: > 0 }))
            {
                return;
            }

            HashSet<int>? barred = matches[(int)Part.Bars] is { Count: > 0 } bars ? [.. bars.Select(match => text.SentenceOf(match.Start))] : null;
            var excepted = matches[(int)Part.Excepts];
            foreach (var match in Of(Part.Speaks))
            {
                if (!masked.HideAny(match.Words) && !(rule.IsOfTopic && introduced.HideAny(match.Words)) && barred?.Contains(text.SentenceOf(match.Start)) != true && !IsExcepted(match, excepted))
                {
                    said.Add((rule, match));
                }
            }
        }

        private static bool IsExcepted(PhraseMatch match, List<PhraseMatch>? excepted)
        {
            foreach (var phrase in excepted ?? [])
            {
                foreach (var word in match.Words)
                {
                    if (new Span(phrase.Start, phrase.End).Hides(word))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
