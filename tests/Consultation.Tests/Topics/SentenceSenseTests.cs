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
            { "code": "thanks", "topic": "OTHER", "matter": "thanks", "prevails": true, "phrases": ["解決しました"], "needs": ["ありがとう"] },
            { "code": "abroad", "topic": "ABROAD", "phrases": ["海外"], "elsewhere": true },
            { "code": "region", "topic": "REGION", "phrases": ["移住", "廃校", "誘致"] },
            { "code": "note", "topic": "OTHER", "matter": "note", "unclear": true, "phrases": ["とだけ"] }
          ],
          "kinds": { "装置": ["パソコン", "端末"], "不調": ["遅", "固ま"] },
          "introductions": ["の会社です"],
          "focus": ["伺いたいのは"],
          "asks": ["困って"],
          "negation": { "links": ["は"], "joins": ["と"], "unwanted": ["不要"], "settled": ["済み"], "revives": ["古"], "reasons": ["ので"], "questions": ["か"],
            "closings": ["決めて", "任せて"], "pointers": ["その点"] }
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
    [InlineData("手当を出すことを話し合い、その点は不要です。回線を見てほしい。", new[] { Track.Mic })]
    [InlineData("手当の額の割合は決めております。回線で困っている。", new[] { Track.Mic })]
    [InlineData("手当が古く、その点は不要ですか。回線を見る。", new[] { Track.Mhlw, Track.Mic })]
    public void What_points_back_or_names_a_part_settles_what_was_said_before(string text, Track[] tracks) => Assert.Equal(tracks, Suggest(text).Tracks.OrderDescending());

    [Theory]
    [InlineData("手当で困っている。回線を業者が見ています。", new[] { Track.Mhlw })]
    [InlineData("手当で困っている。回線がありません。", new[] { Track.Mhlw, Track.Mic })]
    [InlineData("手当も困っている。回線を業者が見ています。", new[] { Track.Mhlw, Track.Mic })]
    public void A_sentence_that_only_tells_is_scenery_before_and_behind_one_that_asks(string text, Track[] tracks) => Assert.Equal(tracks, Suggest(text).Tracks.OrderDescending());

    [Theory]
    [InlineData("海外に移る社員の回線", Outcome.Referral)]
    [InlineData("回線の件とだけ", Outcome.Unsure)]
    public void What_is_answered_elsewhere_and_what_is_not_said_decide_beside_a_ministry(string text, Outcome outcome) => Assert.Equal(outcome, Suggest(text).Outcome);

    [Theory]
    [InlineData("移住と廃校と誘致、回線", new[] { Track.Mhlw, Track.Mic })]
    [InlineData("移住と回線", new[] { Track.Mic })]
    public void A_topic_of_both_ministries_that_outweighs_them_by_far_is_no_scenery(string text, Track[] tracks) => Assert.Equal(tracks, Suggest(text).Tracks.OrderDescending());

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
