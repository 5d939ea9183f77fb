using Consultation.Reference;

namespace Consultation.Topics;

/// <summary>
/// One phrase of a rule. Notation: plain text; <c>a|b</c> either word; <c>a…b</c> first a, then b within
/// <see cref="Gap"/> characters; <c>a&amp;b</c> both in one sentence, in any order. Alternatives bind closest
/// (<c>家|自宅…転ん|転倒</c>); <c>{端末}</c> stands for every word of that kind. One phrase uses … or &amp;, not both.
/// </summary>
internal sealed record Phrase(string Source, IReadOnlyList<IReadOnlyList<string>> Parts, bool Ordered)
{
    /// <summary>Characters without white space that may stand between two parts joined by ….</summary>
    public const int Gap = 14;

    private const int Longest = 200;

    // A verb's last sound before ない and before ません: 届か, 届き.
    private const string BeforeDenial = "カガサタナバマラワ";
    private const string BeforePolite = "キギシチニビミリイ";
    private const string AlikeBeforeBoth = "エケゲセゼテデネヘベメレキギシジチニビミリイ";

    private const string Particles = "のをがは";

    private const char KindBegins = '{';
    private const char KindEnds = '}';

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoKinds = new Dictionary<string, IReadOnlyList<string>>();

    public static bool TryRead(string source, out Phrase phrase) => TryRead(source, NoKinds, out phrase);

    public static bool TryRead(string source, IReadOnlyDictionary<string, IReadOnlyList<string>> kinds, out Phrase phrase)
    {
        var ordered = !source.Contains('&', StringComparison.Ordinal);
        var parts = source.Split(ordered ? '…' : '&')
            .Select(part => (IReadOnlyList<string>)[.. part.Split('|').SelectMany(word => WordsOf(word, kinds)).SelectMany(Shortened).Select(Fold).Distinct()])
            .ToList();
        phrase = new(source, parts, ordered);
        return source.Length is > 0 and <= Longest
            && (ordered || !source.Contains('…', StringComparison.Ordinal))
            && parts.All(part => part.Count > 0 && part.All(word => word.Length > 0 && !word.AsSpan().ContainsAny(KindBegins, KindEnds)));
    }

    // A kind that is not there leaves its braces standing, which no phrase may hold.
    private static IEnumerable<string> WordsOf(string word, IReadOnlyDictionary<string, IReadOnlyList<string>> kinds)
    {
        var (from, to) = (word.IndexOf(KindBegins, StringComparison.Ordinal), word.IndexOf(KindEnds, StringComparison.Ordinal));
        return from >= 0 && to > from && kinds.TryGetValue(word[(from + 1)..to], out var words)
            ? words.Select(one => string.Concat(word.AsSpan(0, from), one, word.AsSpan(to + 1)))
            : [word];
    }

    // A note leaves the particle out (端末の管理: 端末管理), and who tells puts it in.
    private static IEnumerable<string> Shortened(string word)
    {
        yield return word;
        for (var at = 1; at < word.Length - 1; at++)
        {
            if (word.Length > 3 && Particles.Contains(word[at], StringComparison.Ordinal) && IsNoKana(word[at - 1]) && IsNoKana(word[at + 1]))
            {
                yield return word.Remove(at, 1);
            }
        }

        if (word.Length == 4 && word.All(IsKanji))
        {
            yield return word.Insert(2, "の");
        }
    }

    private static bool IsNoKana(char letter) => IsKanji(letter) || letter is >= 'ァ' and <= 'ー' || char.IsAsciiLetterOrDigit(letter);

    private static bool IsKanji(char letter) => letter is >= '\u4E00' and <= '\u9FFF';

    /// <summary>What a caller could have written, each alternative once, for the self-test of a rule.</summary>
    public IEnumerable<string> Examples =>
        Parts.SelectMany((part, index) => part.Select(word =>
            string.Join(' ', Parts.Select((other, at) => at == index ? word : other[0]))));

    /// <summary>A single kana, letter or mark stands in nearly every text; a single kanji (紙) may mean something.</summary>
    public bool IsTooCommon => Parts.Any(part => part.Any(word => word.Length == 1 && !char.IsBetween(word[0], '\u3400', '\u9FFF')));

    /// <summary>The phrase with every way to write and to say its words; <paramref name="groups"/> are folded.</summary>
    public Phrase Spread(IReadOnlyList<IReadOnlyList<string>> groups) =>
        this with { Parts = [.. Parts.Select(part => (IReadOnlyList<string>)[.. part.SelectMany(word => Spellings(word, groups)).SelectMany(Denials).Distinct()])] };

    /// <summary>How many ways to write its words <see cref="Spread"/> would make at most, counted without making them.</summary>
    public long CountSpellings(IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var folded = groups.Select(group => group.Select(Fold).Where(word => word.Length > 0).ToList()).ToList();
        return Parts.Sum(part => part.Sum(word => folded
            .Where(group => group.Exists(same => word.Contains(same, StringComparison.Ordinal)))
            .Aggregate(1L, (all, group) => Math.Min(all * group.Count, int.MaxValue))));
    }

    // 開けな(い) is also 開けませ(ん), 開けず, 開けん; 届かな(い) is 届きませ(ん). What ends in な and is no verb only gets words that nobody writes.
    private static IEnumerable<string> Denials(string word)
    {
        if (word.Length < 3 || word[^1] != 'ナ')
        {
            return [word];
        }

        var row = BeforeDenial.IndexOf(word[^2], StringComparison.Ordinal);
        return row >= 0 ? [word, $"{word[..^2]}{BeforePolite[row]}マセ", $"{word[..^1]}ズ", $"{word[..^1]}ン"]
            : AlikeBeforeBoth.Contains(word[^2], StringComparison.Ordinal) ? [word, $"{word[..^1]}マセ", $"{word[..^1]}ズ", $"{word[..^1]}ン"]
            : [word];
    }

    private static IEnumerable<string> Spellings(string word, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        IEnumerable<string> spellings = [word];
        foreach (var group in groups)
        {
            var member = group.Where(same => word.Contains(same, StringComparison.Ordinal)).MaxBy(same => same.Length);
            if (member is not null)
            {
                spellings = spellings.SelectMany(spelling => group.Select(same => spelling.Replace(member, same, StringComparison.Ordinal)));
            }
        }

        return spellings;
    }

    public static string Fold(string word) => string.Concat(JapaneseText.Fold(word).Where(c => !char.IsWhiteSpace(c)));
}
