using Consultation.Topics;

namespace Consultation.Tests.Topics;

public sealed class EvidenceTests
{
    private static readonly Suggester Suggester = new(RuleBase.Default);

    [Theory]
    [InlineData("VPNが遅い", "ICT-NET", "VPN")]
    [InlineData("ＶＰＮが遅い", "ICT-NET", "ＶＰＮ")]
    [InlineData("😭😭 ﾎﾟｹｯﾄWi-Fi", "ICT-NET", "ﾎﾟｹｯﾄWi-Fi")]
    [InlineData("ﾊﾟｽﾜｰﾄﾞの使い回し", "ICT-SEC", "ﾊﾟｽﾜｰﾄﾞ")]
    [InlineData("はんこが要る", "ICT-CLOUD", "はんこ")]
    [InlineData("㌔と㍿の話。ｻﾃﾗｲﾄｵﾌｨｽ", "REGION", "ｻﾃﾗｲﾄｵﾌｨｽ")]
    [InlineData("勞働時間の相談", "LAB-TIME", "勞働時間")]
    [InlineData("ハ\u309Aソコンの買い替え、ハ\u309Aスワート\u3099", "ICT-SEC", "ハ\u309Aスワート\u3099")]
    [InlineData("V\u200BPNが遅い", "ICT-NET", "V\u200BPN")]
    public void Evidence_points_at_the_words_as_the_caller_wrote_them(string text, string topic, string word)
    {
        var evidence = Suggester.Suggest(text).Topics.Single(found => found.Code == topic).Evidence;
        var found = Assert.Single(evidence, item => item.Word == word);
        Assert.Equal(text.IndexOf(word, StringComparison.Ordinal), found.Start);
        Assert.Equal(word.Length, found.Length);
    }

    [Fact]
    public void A_word_broken_by_a_wrapped_line_is_found_whole()
    {
        const string text = "弊社では昨年から在宅勤務を始めましたが、このところ労働\r\n時間について悩んでおります。";
        var evidence = Suggester.Suggest(text).Topics.Single(topic => topic.Code == "LAB-TIME").Evidence;
        Assert.Contains(evidence, item => item.Word == "労働\r\n時間");
    }

    [Fact]
    public void A_space_in_shorthand_keeps_words_apart() =>
        Assert.DoesNotContain(Suggester.Suggest("転送電話 料金高い").Topics, topic => topic.Code == "LAB-COST");

    [Theory]
    [InlineData("mailを送ります")]
    [InlineData("plan")]
    [InlineData("Is it open?")]
    public void Latin_letters_count_only_as_whole_words(string text) =>
        Assert.DoesNotContain(Suggester.Suggest(text).Topics, topic => topic.Code.StartsWith("ICT", StringComparison.Ordinal));

    [Fact]
    public void Any_text_is_read_and_all_evidence_lies_within_it()
    {
        var random = new Random(20261122);
        var seeds = LabelledTexts.HeldOut.Select(text => text.Text).Where(text => text.Length is > 0 and < 300).ToList();
        for (var round = 0; round < 3000; round++)
        {
            var text = seeds[random.Next(seeds.Count)].ToCharArray();
            for (var change = 0; change < 6; change++)
            {
                text[random.Next(text.Length)] = (char)random.Next(char.MaxValue + 1);
            }

            var whole = new string(text);
            foreach (var evidence in Suggester.Suggest(whole).Topics.SelectMany(topic => topic.Evidence))
            {
                Assert.Equal(evidence.Word, whole.Substring(evidence.Start, evidence.Length));
                Assert.NotEqual(0, evidence.Length);
            }
        }
    }

    [Fact]
    public void A_long_text_repeats_no_evidence_without_end_and_weighs_each_word_once()
    {
        var once = Suggester.Suggest("VPN。").Topics.Single();
        var often = Suggester.Suggest(string.Concat(Enumerable.Repeat("VPN。", 2500))).Topics.Single();
        Assert.Equal(once.Weight, often.Weight);
        Assert.InRange(often.Evidence.Count, 1, 20);
    }

    [Fact]
    public void Hostile_repetition_is_read_to_the_end()
    {
        var text = string.Concat(Enumerable.Repeat("VPN、規程や手当は不要ではなく", 700))[..10_000];
        Assert.Contains(Suggester.Suggest(text).Topics, topic => topic.Code == "ICT-NET");
        Assert.Equal(Outcome.Unsure, Suggester.Suggest(new string('の', 10_000)).Outcome);
    }

    [Fact]
    public void One_suggester_serves_many_threads_with_the_same_answer()
    {
        var texts = LabelledTexts.Samples.Select(text => text.Text).ToList();
        var expected = texts.Select(Describe).ToList();
        Parallel.For(0, 400, index => Assert.Equal(expected[index % texts.Count], Describe(texts[index % texts.Count])));

        static string Describe(string text)
        {
            var suggestion = Suggester.Suggest(text);
            return $"{Way.Of(suggestion)} {suggestion.Lead} {string.Join(',', suggestion.Topics.Select(topic => $"{topic.Code}:{topic.Weight}"))}";
        }
    }
}
