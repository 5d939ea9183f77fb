using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Tests.Topics;

/// <summary>The reader finds all phrases of all rules in one pass; here each phrase is looked for by itself, and both must find the same evidence.</summary>
public sealed class OnePassTests
{
    private const int Gap = 14;
    private const int MostFinds = 40;
    private const int LongestIntroduction = 32;

    private static readonly RuleBase Rules = RuleBase.Default;
    private static readonly RuleReader Reader = new(Rules);
    private static readonly List<IReadOnlyList<string>> SameWords = [.. Rules.SameWords.Select(group => (IReadOnlyList<string>)[.. group.Select(Phrase.Fold)])];
    private static readonly List<(Rule Rule, List<Phrase> Phrases, List<Phrase> Except, List<Phrase> Without, List<Phrase> Absent, List<Phrase> Needs)> Read =
        [.. Rules.Rules.Select(rule => (rule, Of(rule.Phrases), Of(rule.Except), Of(rule.Without), Of(rule.Absent), Of(rule.Needs)))];
    private static readonly (List<Phrase> Masks, List<Phrase> Introductions) Whole = (Of(Rules.Masks), Of(Rules.Introductions));
    private static readonly List<string> Asks = [.. Rules.Asks.Select(Phrase.Fold)];

    [Fact]
    public void One_pass_over_a_text_finds_the_evidence_that_looking_for_each_phrase_alone_finds()
    {
        var texts = LabelledTexts.Samples.Concat(LabelledTexts.HeldOut).Concat(LabelledTexts.Blind).Concat(LabelledTexts.Forecast).Select(text => text.Text).Where(text => text.Length < 400).ToList();
        var random = new Random(20261130);
        texts.AddRange(Enumerable.Range(0, 60).Select(_ => string.Concat(Enumerable.Range(0, 8).Select(_ => texts[random.Next(texts.Count)]))));
        Assert.All(texts, AssertSame);
    }

    [Theory]
    [InlineData("")]
    [InlineData("VPN、規程や手当は不要ではなくVPN、規程や手当は不要ではなくVPN")]
    [InlineData("（株）架空クラウド ㍿ ﾊﾟｿｺﾝ が 遅い  v p n VPNs ＶＰＮ")]
    [InlineData("社\u200B会保険労務士事務所ですが、回線が遅い\r\nです。セキュリティ製品の販売会社です")]
    public void Odd_texts_are_no_exception(string text) => AssertSame(text);

    private static void AssertSame(string text)
    {
        using var folded = new FoldedText(text);
        var read = Reader.SaidIn(folded).Select(entry => Shown(entry.Rule, entry.Match.Of.Source, entry.Match.Words.ToArray())).Order(StringComparer.Ordinal);
        Assert.Equal(LookedFor(folded).Order(StringComparer.Ordinal), read);
    }

    private static IEnumerable<string> LookedFor(FoldedText text)
    {
        var masks = Finds(Whole.Masks, text).Select(Whole => Around(Whole.Words)).Concat(Names(text)).ToList();
        var introductions = Finds(Whole.Introductions, text).Select(find => new Span(text.SentenceStart(text.SentenceOf(find.Words[0].Start)), Around(find.Words).End)).Where(span => Introduces(text, span)).ToList();
        foreach (var (rule, phrases, except, without, absent, needs) in Read)
        {
            var finds = Finds(phrases, text).ToList();
            if (finds.Count == 0 || Finds(absent, text).Any() || (needs.Count > 0 && !Finds(needs, text).Any()))
            {
                continue;
            }

            var hidden = masks.Concat(Finds(except, text).Select(find => Around(find.Words)));
            hidden = TopicCatalogue.Find(rule.Topic)?.Lead is null or TopicLead.Desk ? hidden : hidden.Concat(introductions);
            var spans = hidden.ToList();
            var barred = Finds(without, text).Select(find => text.SentenceOf(Around(find.Words).Start)).ToHashSet();
            foreach (var (phrase, words) in finds.Where(find => !barred.Contains(text.SentenceOf(Around(find.Words).Start)) && !find.Words.Any(word => spans.Exists(span => span.Hides(word)))))
            {
                yield return Shown(rule, phrase.Source, words);
            }
        }
    }

    private static IEnumerable<Span> Names(FoldedText text)
    {
        var finder = new WordFinder();
        var names = new OrganisationNames(finder);
        finder.Complete();
        using var found = finder.Find(text);
        return names.SpansIn(text, found);
    }

    private static IEnumerable<(Phrase Phrase, Span[] Words)> Finds(List<Phrase> phrases, FoldedText text)
    {
        foreach (var phrase in phrases)
        {
            foreach (var first in phrase.Parts[0].SelectMany(word => Places(word, text).Take(MostFinds)))
            {
                if (Completed(phrase, first, text) is { } words)
                {
                    yield return (phrase, words);
                }
            }
        }
    }

    private static Span[]? Completed(Phrase phrase, Span first, FoldedText text)
    {
        var words = new List<Span> { first };
        var sentence = text.SentenceOf(first.Start);
        foreach (var part in phrase.Parts.Skip(1))
        {
            var (from, to) = phrase.Ordered
                ? (words[^1].End, Math.Min(words[^1].End + Gap, text.SentenceEnd(sentence)))
                : (text.SentenceStart(sentence), text.SentenceEnd(sentence));
            var next = part.Select(word => Places(word, text).Where(place => place.Start >= from && place.Start < to).Select(place => (Span?)place).FirstOrDefault())
                .Where(place => place is not null).OrderBy(place => place!.Value.Start).FirstOrDefault();
            if (next is not { } word)
            {
                return null;
            }

            words.Add(word);
        }

        return [.. words];
    }

    private static IEnumerable<Span> Places(string word, FoldedText text)
    {
        for (var at = Next(0); at >= 0; at = Next(at + 1))
        {
            var end = at + word.Length;
            if (text.SentenceOf(at) == text.SentenceOf(end - 1) && text.IsUnbroken(at, end) && text.IsWholeWord(at, end))
            {
                yield return new(at, end);
            }
        }

        int Next(int from)
        {
            var at = text.Slice(from, text.Length).IndexOf(word, StringComparison.Ordinal);
            return at < 0 ? at : from + at;
        }
    }

    private static bool Introduces(FoldedText text, Span span)
    {
        var said = text.Slice(span.Start, span.End).ToString();
        return said.Length <= LongestIntroduction && !Asks.Concat(["ナイ", "ナク", "ナシ"]).Any(word => said.Contains(word, StringComparison.Ordinal));
    }

    private static Span Around(Span[] words) => new(words.Min(word => word.Start), words.Max(word => word.End));

    private static List<Phrase> Of(IEnumerable<string> sources) =>
        [.. sources.Select(source => Phrase.TryRead(source, Rules.Kinds, out var phrase) ? phrase.Spread(SameWords) : throw new InvalidOperationException(source))];

    private static string Shown(Rule rule, string phrase, Span[] words) => $"{rule.Code} {phrase} {string.Join(' ', words.Select(word => $"{word.Start}-{word.End}"))}";
}
