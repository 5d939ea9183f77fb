using System.Text;
using Consultation.Reference;

namespace Consultation.Tests.Reference;

public sealed class JapaneseTextTests
{
    [Theory]
    [InlineData("ABC ａｂｃ", "abc abc")]
    [InlineData("てれわーく", "テレワーク")]
    [InlineData("ﾃﾚﾜｰｸ", "テレワーク")]
    [InlineData("ﾃﾞｼﾞﾀﾙﾊﾟｯｸ", "デジタルパック")]
    [InlineData("か\u3099き\u3099は\u309A", "ガギパ")]
    [InlineData("か゛", "ガ")]
    [InlineData("わ\u3099", "ヷ")]
    [InlineData("㈱テスト①㍿", "(株)テスト1株式会社")]
    [InlineData("髙橋﨑山齋藤", "高橋崎山斎藤")]
    [InlineData("渡邊 渡邉", "渡辺 渡辺")]
    [InlineData("廣澤國夫", "広沢国夫")]
    [InlineData("株式會社", "株式会社")]
    [InlineData("𠮷野家", "吉野家")]
    [InlineData("葛\U000E0100城 辻\uFE00", "葛城 辻")]
    [InlineData("神\uFA19", "神神")]
    [InlineData("1〜3月 1～3月", "1~3月 1~3月")]
    [InlineData("03‐1234−5678－9", "03-1234-5678-9")]
    [InlineData("011ー000ー0001", "011-000-0001")]
    [InlineData("サ－ビス サ‐ビス サービス ｻｰﾋﾞｽ", "サービス サービス サービス サービス")]
    [InlineData("東京ー大阪", "東京-大阪")]
    [InlineData("らーめん", "ラーメン")]
    [InlineData("霞ヶ関 霞ケ関", "霞ケ関 霞ケ関")]
    [InlineData("zero\u200Bwidth", "zerowidth")]
    [InlineData("", "")]
    public void Text_is_folded_for_comparing(string typed, string folded) => Assert.Equal(folded, JapaneseText.Fold(typed));

    [Fact]
    public void A_folded_text_is_returned_as_it_is()
    {
        const string text = "テレワーク相談 vpn";
        Assert.Same(text, JapaneseText.Fold(text));
    }

    [Fact]
    public void Long_vowels_and_hyphens_stay_apart() =>
        Assert.NotEqual(JapaneseText.Fold("コーヒ"), JapaneseText.Fold("コ1-ヒ"));

    [Fact]
    public void Folding_twice_changes_nothing_for_any_character()
    {
        for (var i = 0; i <= 0x2FFFF; i++)
        {
            if (!Rune.IsValid(i))
            {
                continue;
            }

            var once = JapaneseText.Fold($"ア{new Rune(i)}ア");
            Assert.True(once == JapaneseText.Fold(once), $"U+{i:X}");
        }
    }

    [Fact]
    public void The_quick_way_and_the_careful_way_agree()
    {
        // An IVS selector sends the whole text the careful way and then disappears.
        for (var i = 1; i <= char.MaxValue; i++)
        {
            if (char.IsSurrogate((char)i))
            {
                continue;
            }

            var text = $"カ{(char)i}1";
            var careful = JapaneseText.Fold(text + "\uFE00");
            Assert.True(careful == JapaneseText.Fold(text), $"U+{i:X}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Folding_twice_changes_nothing_for_mixed_text(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "aＡか゛\u3099\u309Aー-−〜～ｶﾞﾟアわ澤㈱\uFE00 １\n𠮷\u200B";
        for (var round = 0; round < 5000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var once = JapaneseText.Fold(text);
            Assert.Equal(once, JapaneseText.Fold(once));
            Assert.True(JapaneseText.IsStorable(once));
        }
    }

    [Fact]
    public void Variants_are_settled_in_one_step() =>
        Assert.All(KanjiVariants.All, pair => Assert.False(KanjiVariants.All.ContainsKey(pair.Value), pair.Key.ToString()));

    [Fact]
    public void A_lone_surrogate_is_replaced() => Assert.Equal("a\uFFFDb", JapaneseText.Fold("a\uD842b"));

    [Fact]
    public void A_text_of_any_length_is_folded() =>
        Assert.Equal(new string('テ', 100_000), JapaneseText.Fold(new string('て', 100_000)));

    [Fact]
    public void Grams_are_the_distinct_ones_and_pairs_without_white_space() =>
        Assert.Equal(Numbers("テ", "テレ", "レ", "レテ", "レ1", "1").Order(), JapaneseText.Grams("てれ　テレ\n１"));

    [Fact]
    public void A_character_outside_the_basic_plane_counts_as_one()
    {
        var grams = JapaneseText.Grams("😀相談");
        Assert.Equal(5, grams.Length);
        Assert.Subset(grams.ToHashSet(), Numbers("相", "相談", "談").Concat(JapaneseText.QueryGrams("😀相")).Concat(JapaneseText.QueryGrams("😀")).ToHashSet());
        Assert.NotEqual(JapaneseText.QueryGrams("😀"), JapaneseText.QueryGrams("𠮷"));
    }

    [Theory]
    [InlineData("相談", new[] { "相談" })]
    [InlineData("老", new[] { "老" })]
    [InlineData("ﾃﾚﾜｰｸ 規程", new[] { "テレ", "レワ", "ワー", "ーク", "規程" })]
    [InlineData("規 程", new[] { "規", "程" })]
    [InlineData("　 ", new string[0])]
    [InlineData("相談相談", new[] { "相談", "談相" })]
    public void A_query_asks_for_the_pairs_of_each_word(string query, string[] grams) =>
        Assert.Equal(Numbers(grams), JapaneseText.QueryGrams(query));

    [Theory]
    [InlineData("株式会社 みちのく製作所の相談です。", "みちのく")]
    [InlineData("株式会社 みちのく製作所の相談です。", "株式会社ミチノク")]
    [InlineData("株式会社 みちのく製作所の相談です。", "相談 製")]
    [InlineData("VPN同時接続 足りず", "ｖｐｎ 接続")]
    public void What_a_query_asks_for_is_among_the_stored_grams(string text, string query) =>
        Assert.Subset(JapaneseText.Grams(text).ToHashSet(), JapaneseText.QueryGrams(query).ToHashSet());

    [Theory]
    [InlineData("相談", true)]
    [InlineData("𠮷😀", true)]
    [InlineData("", true)]
    [InlineData("a\0b", false)]
    public void Storable_text_has_no_null_and_no_lone_surrogate(string text, bool storable) =>
        Assert.Equal(storable, JapaneseText.IsStorable(text));

    [Fact]
    public void A_lone_surrogate_is_not_storable()
    {
        // Attribute arguments are stored as UTF-8 and cannot carry these.
        Assert.False(JapaneseText.IsStorable("a\uD842"));
        Assert.False(JapaneseText.IsStorable("\uDFB7a"));
        Assert.False(JapaneseText.IsStorable("\uD842\uD842\uDFB7"));
    }

    [Fact]
    public void Codes_that_are_no_characters_are_replaced_on_both_ways() =>
        Assert.Equal("\uFFFD\uFFFD吉", JapaneseText.Fold("\uFFFE\uFDD0𠮷"));

    private static int[] Numbers(params string[] grams) => [.. grams.Select(g => g.Length == 1 ? g[0] : (g[0] << 16) | g[1])];
}
