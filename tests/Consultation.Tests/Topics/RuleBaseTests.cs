using System.Text.Json.Nodes;
using Consultation.Reference;
using Consultation.Topics;

namespace Consultation.Tests.Topics;

public sealed class RuleBaseTests
{
    private const string Small = """
        {
          "version": 7, "threshold": 1, "floor": 0.5,
          "rules": [ { "code": "net", "topic": "ICT-NET", "phrases": ["VPN", "回線|ネット…遅"], "answers": ["FREE"], "referrals": ["IPA"] } ],
          "masks": ["回線工事会社"],
          "negation": { "links": ["は"], "joins": ["と"], "unwanted": ["不要"], "settled": ["済み"], "revives": ["古"], "reasons": ["ので"], "questions": ["か"] },
          "leans": { "TASK": "mhlw" },
          "answers": [ { "code": "FREE", "title": "無料", "text": "無料です。" } ]
        }
        """;

    [Fact]
    public void The_embedded_rule_base_passes_its_own_check()
    {
        var again = RuleBase.Parse(RuleBase.Default.ToJson());
        Assert.Equal(RuleBase.Default.ToJson(), again.ToJson());
        Assert.Equal(RuleBase.Default.Rules.Count, again.Rules.Count);
    }

    [Fact]
    public void Every_topic_of_the_catalogue_has_words() =>
        Assert.Empty(TopicCatalogue.All.Select(topic => topic.Code).Except(RuleBase.Default.Rules.Select(rule => rule.Topic)));

    [Fact]
    public void Standard_answers_are_short_and_name_no_telephone_number()
    {
        Assert.InRange(RuleBase.Default.Answers.Count, 10, 20);
        Assert.All(RuleBase.Default.Answers, answer =>
        {
            Assert.InRange(answer.Text.Length, 20, 400);
            Assert.DoesNotMatch(@"[0-9０-９]{2,4}[-ー－][0-9０-９]{2,4}", answer.Text);
        });
    }

    [Fact]
    public void A_small_rule_base_speaks_with_its_own_version()
    {
        var suggestion = new Suggester(RuleBase.Parse(Small)).Suggest("ネットがとても遅いです");
        Assert.Equal(7, suggestion.RuleVersion);
        Assert.Equal([Track.Mic], suggestion.Tracks);
        Assert.Equal([new SuggestedAnswer("FREE", "無料")], suggestion.Answers);
        Assert.Equal(["IPA"], suggestion.Referrals);
    }

    [Theory]
    [InlineData("version", "0", "rules.version")]
    [InlineData("threshold", "0", "rules.threshold")]
    [InlineData("floor", "-1", "rules.floor")]
    [InlineData("floor", "2", "rules.floor")]
    [InlineData("margin", "-0.1", "rules.margin")]
    [InlineData("margin", "11", "rules.margin")]
    [InlineData("asks", """["a|b"]""", "phrase.unreadable")]
    [InlineData("rules", "[]", "rules.empty")]
    [InlineData("rules", "null", "rules.unreadable")]
    [InlineData("masks", """["の"]""", "phrase.matches_everything")]
    [InlineData("masks", """[""]""", "phrase.unreadable")]
    [InlineData("leans", """{"ICT-NET":"mic"}""", "lean.topic")]
    [InlineData("leans", """{"TASK":"both"}""", "rules.unreadable")]
    [InlineData("answers", """[{"code":"FREE","title":"","text":"無料です。"}]""", "answer.title")]
    [InlineData("answers", """[{"code":"FREE","title":"無料","text":" "}]""", "answer.text")]
    [InlineData("answers", """[{"code":"FREE","title":"無料","text":"a"},{"code":"FREE","title":"無料","text":"b"}]""", "answer.code")]
    [InlineData("answers", "[]", "rule.answer")]
    [InlineData("colour", "1", "rules.unreadable")]
    public void A_fault_of_the_whole_is_refused_by_name(string member, string value, string code)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json[member] = JsonNode.Parse(value);
        AssertRefused(json, code);
    }

    [Theory]
    [InlineData("code", "\"\"", "rule.code")]
    [InlineData("topic", "\"ICT-MAGIC\"", "rule.topic")]
    [InlineData("topic", "null", "rule.matter")]
    [InlineData("topic", "\"OTHER\"", "rule.matter")]
    [InlineData("matter", "\"sales\"", "rule.matter")]
    [InlineData("weight", "0", "rule.weight")]
    [InlineData("weight", "-1", "rule.weight")]
    [InlineData("weight", "11", "rule.weight")]
    [InlineData("weight", "\"heavy\"", "rules.unreadable")]
    [InlineData("phrases", "[]", "rule.phrases")]
    [InlineData("phrases", """[""]""", "phrase.unreadable")]
    [InlineData("phrases", """["VPN|"]""", "phrase.unreadable")]
    [InlineData("phrases", """["VPN…遅&重"]""", "phrase.unreadable")]
    [InlineData("phrases", """["は"]""", "phrase.matches_everything")]
    [InlineData("phrases", """["ＶＰＮ…ー"]""", "phrase.matches_everything")]
    [InlineData("phrases", """["テレワーク"]""", "phrase.matches_everything")]
    [InlineData("phrases", """["VPN。遅い"]""", "phrase.matches_nothing")]
    [InlineData("phrases", """["VPN","回線工事会社"]""", "phrase.matches_nothing")]
    [InlineData("except", """["VPN"]""", "phrase.matches_nothing")]
    [InlineData("without", """["VPN"]""", "phrase.matches_nothing")]
    [InlineData("absent", """["VPN"]""", "phrase.matches_nothing")]
    [InlineData("prevails", "true", "rule.prevails")]
    [InlineData("referrals", """["NOWHERE"]""", "rule.referral")]
    [InlineData("answers", """["NOTHING"]""", "rule.answer")]
    public void A_fault_of_a_rule_is_refused_by_name(string member, string value, string code)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["rules"]![0]![member] = JsonNode.Parse(value);
        AssertRefused(json, code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    public void What_is_no_rule_base_is_refused(string json) =>
        Assert.Equal("rules.unreadable", Assert.Throws<RuleBaseInvalid>(() => RuleBase.Parse(json)).Faults[0].Code);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["version"] = 0;
        json["rules"]!.AsArray().Add(JsonNode.Parse("""{ "code": "net", "topic": "X", "weight": 0, "phrases": [] }"""));
        var codes = Assert.Throws<RuleBaseInvalid>(() => RuleBase.Parse(json.ToJsonString())).Faults.Select(fault => fault.Code);
        Assert.Equal(["rules.version", "rule.code", "rule.topic", "rule.weight", "rule.phrases"], codes);
    }

    [Fact]
    public void Overlapping_rules_of_one_topic_count_a_word_once()
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["rules"]!.AsArray().Add(JsonNode.Parse("""{ "code": "net2", "topic": "ICT-NET", "weight": 0.6, "phrases": ["VPN", "VPN回線"] }"""));
        var topic = Assert.Single(new Suggester(RuleBase.Parse(json.ToJsonString())).Suggest("VPN回線の件").Topics);
        Assert.Equal(1m, topic.Weight);
    }

    [Fact]
    public void Words_of_one_group_stand_for_each_other_in_every_phrase()
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["sameWords"] = JsonNode.Parse("""[["回線", "線路"]]""");
        var evidence = new Suggester(RuleBase.Parse(json.ToJsonString())).Suggest("線路がとても遅い").Topics.Single().Evidence;
        Assert.Equal(["線路", "遅"], evidence.Select(item => item.Word));
        json["sameWords"] = JsonNode.Parse("""[["回線", "は"]]""");
        AssertRefused(json, "phrase.matches_everything");
    }

    [Theory]
    [InlineData("""[["回線", "線路"], ["線路", "軌道"]]""", "rules.same_words")]
    [InlineData("""[["回線", "線路"], ["線路", "回線"]]""", "rules.same_words")]
    [InlineData("""[["回線"]]""", "rules.same_words_alone")]
    [InlineData("""[["ＶＰＮ", "vpn"]]""", "rules.same_words_alone")]
    [InlineData("""[["回線", "VPN|LAN"]]""", "phrase.unreadable")]
    public void Groups_that_lead_in_a_circle_or_nowhere_are_refused(string groups, string code)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["sameWords"] = JsonNode.Parse(groups);
        AssertRefused(json, code);
    }

    [Fact]
    public void Groups_that_multiply_each_other_without_end_are_refused_before_they_are_tried()
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        var letters = "甲乙丙丁戊己庚辛壬癸";
        json["sameWords"] = new JsonArray([.. letters.Select(letter => new JsonArray([.. Enumerable.Range(0, 20).Select(n => JsonValue.Create(n == 0 ? $"{letter}" : $"{letter}字{n}番"))]))]);
        json["rules"]![0]!["phrases"]!.AsArray().Add(letters);
        AssertRefused(json, "phrase.too_many_spellings");
    }

    [Theory]
    [InlineData("の", "phrase.matches_everything")]
    [InlineData("両方|両面", "phrase.unreadable")]
    public void A_word_for_two_things_is_a_plain_word(string word, string code)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        json["together"] = new JsonArray(word);
        AssertRefused(json, code);
    }

    private static void AssertRefused(JsonObject json, string code) =>
        Assert.Contains(Assert.Throws<RuleBaseInvalid>(() => RuleBase.Parse(json.ToJsonString())).Faults, fault => fault.Code == code);
}
