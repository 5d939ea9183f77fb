using System.Text.Json.Nodes;
using Consultation.Topics;

namespace Consultation.Tests.Topics;

/// <summary>What is said without naming it, and what is said only in passing.</summary>
public sealed class SentenceSenseTests
{
    private const string Small = """
        {
          "version": 1, "threshold": 1, "floor": 0.5,
          "rules": [
            { "code": "net", "topic": "ICT-NET", "phrases": ["{装置}…{不調}", "{不調}い&{装置}", "回線"] },
            { "code": "cost", "topic": "LAB-COST", "phrases": ["手当"] },
            { "code": "thanks", "topic": "OTHER", "matter": "thanks", "prevails": true, "phrases": ["解決しました"], "needs": ["ありがとう"] }
          ],
          "kinds": { "装置": ["パソコン", "端末"], "不調": ["遅", "固ま"] },
          "introductions": ["の会社です"],
          "focus": ["伺いたいのは"],
          "asks": ["困って"],
          "negation": { "links": ["は"], "joins": ["と"], "unwanted": ["不要"], "settled": ["済み"], "revives": ["古"], "reasons": ["ので"], "questions": ["か"] }
        }
        """;

    [Theory]
    [InlineData("パソコンがよく固まる", Track.Mic)]
    [InlineData("遅いのは端末です", Track.Mic)]
    [InlineData("パソコンの置き場", null)]
    [InlineData("返事が遅い", null)]
    public void Two_everyday_words_of_two_kinds_speak_where_neither_does_alone(string text, Track? lead) => Assert.Equal(lead, Suggest(text).Lead);

    [Fact]
    public void Both_words_of_a_pair_are_evidence() =>
        Assert.Equal(["端末", "固ま"], Assert.Single(Suggest("端末がときどき固まる").Topics).Evidence.Select(evidence => evidence.Word));

    [Theory]
    [InlineData("回線の会社です。手当も見直す。", new[] { Track.Mhlw })]
    [InlineData("回線で困っている会社です。手当も見直す。", new[] { Track.Mic, Track.Mhlw })]
    [InlineData("回線のない会社です。手当も見直す。", new[] { Track.Mic, Track.Mhlw })]
    [InlineData("北の山あいの町で創業以来六十年にわたり工事を続けております回線の会社です。手当も見直す。", new[] { Track.Mic, Track.Mhlw })]
    public void What_callers_are_is_not_what_they_ask(string text, Track[] tracks) => Assert.Equal(tracks, Suggest(text).Tracks);

    [Theory]
    [InlineData("回線に困っている。伺いたいのは手当です。", new[] { Track.Mhlw })]
    [InlineData("回線に困っている。手当も。", new[] { Track.Mic, Track.Mhlw })]
    [InlineData("伺いたいのは手当と回線です。", new[] { Track.Mic, Track.Mhlw })]
    public void Where_a_sentence_says_that_the_question_is_there_the_rest_is_scenery(string text, Track[] tracks) => Assert.Equal(tracks, Suggest(text).Tracks);

    [Theory]
    [InlineData("回線の件は解決しました。ありがとうございました。", Outcome.Desk)]
    [InlineData("回線の件。手当は解決しました。", Outcome.Route)]
    public void A_rule_that_needs_a_word_elsewhere_in_the_text_counts_only_with_it(string text, Outcome outcome) => Assert.Equal(outcome, Suggest(text).Outcome);

    [Theory]
    [InlineData("""{ "装置": ["パソコン"] }""", "phrase.unreadable")]
    [InlineData("""{ "装置": [], "不調": ["遅"] }""", "kind.empty")]
    [InlineData("""{ "装置": ["{不調}"], "不調": ["{装置}"] }""", "phrase.unreadable")]
    [InlineData("""{ "装置": ["は"], "不調": ["遅"] }""", "phrase.matches_everything")]
    [InlineData("""{ "装置": [""], "不調": ["遅"] }""", "phrase.unreadable")]
    [InlineData("""{ "装置": ["パソコン"], "不調": ["遅"], "a|b": ["端末"] }""", "kind.name")]
    public void Kinds_that_lead_nowhere_in_a_circle_or_everywhere_are_refused(string kinds, string code)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["kinds"] = JsonNode.Parse(kinds);
        Assert.Contains(Assert.Throws<RuleBaseInvalid>(() => RuleBase.Parse(json.ToJsonString())).Faults, fault => fault.Code == code);
    }

    [Theory]
    [InlineData("introductions")]
    [InlineData("focus")]
    public void A_word_that_stands_in_every_text_is_refused(string member)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json[member] = new JsonArray("の");
        Assert.Contains(Assert.Throws<RuleBaseInvalid>(() => RuleBase.Parse(json.ToJsonString())).Faults, fault => fault.Code == "phrase.matches_everything");
    }

    private static Suggestion Suggest(string text) => new Suggester(RuleBase.Parse(Small)).Suggest(text);
}
