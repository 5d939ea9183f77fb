using System.Text;
using Consultation.Messaging;
using Consultation.Topics;

namespace Consultation.Tests.Topics;

public sealed class EvaluateRulesTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Labelled = """
        id,text,organization,expected_track,expected_topics
        1,VPNが遅い,,ict,ICT-NET
        2,就業規則の相談,,labor|desk,LAB-RULE
        3,VPNと就業規則の相談,,both,ICT-NET;LAB-RULE
        4,残業の計算方法,(個人),desk|referral,OTHER
        5,就業規則の相談,,ict,ICT-SEC
        6,よろしくお願いします。,,labor|both,LAB-EVAL
        7,,,unsure,
        """;

    [Fact]
    public async Task The_rules_in_use_are_measured_on_a_labelled_file()
    {
        var result = await EvaluateAsync(Encoding.UTF8.GetBytes(Labelled));

        Assert.Equal((7, 5, 1, 1), (result.Read, result.Right, result.Wrong, result.Unsure));
        Assert.Equal(RuleBase.Default.Version, result.RuleVersion);
        Assert.Empty(result.Rejected);
        var labor = result.Ways.Single(way => way.Code == "labor");
        Assert.Equal((2, 2, 1, 0.5, 0.5), (labor.Expected, labor.Found, labor.Right, labor.Precision, labor.Recall));
        var mic = result.Tracks.Single(track => track.Code == "mic");
        Assert.Equal((3, 2, 2, 1.0), (mic.Expected, mic.Found, mic.Right, mic.Precision));
        Assert.Equal((1, 0, 0.0, null), Shares(result.Topics.Single(topic => topic.Code == "ICT-SEC")));
        Assert.Equal((0, 0, null, null), Shares(result.Topics.Single(topic => topic.Code == "ABROAD")));
        Assert.Equal(result.Read, result.Confusion.Sum(pair => pair.Count));
        Assert.Contains(new Confused("ict", "labor", 1), result.Confusion);
        Assert.Equal([(6, "ict", "labor"), (7, "labor|both", "unsure")], result.Missed.Select(missed => (missed.Line, missed.Expected, missed.Found)));
        Assert.Equal(["ICT-SEC"], result.Missed[0].ExpectedTopics);
        Assert.Equal(["LAB-RULE"], result.Missed[0].FoundTopics);

        static (int, int, double?, double?) Shares(Measured topic) => (topic.Expected, topic.Found, topic.Recall, topic.Precision);
    }

    [Fact]
    public async Task The_samples_give_the_same_in_both_encodings()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Vectors/inquiries.csv"));

        var utf8 = await EvaluateAsync(Encoding.UTF8.GetBytes(text));
        var shiftJis = await EvaluateAsync(Encoding.GetEncoding(932).GetBytes(text));

        Assert.Equal((40, 0), (utf8.Read, utf8.Rejected.Count));
        Assert.InRange(utf8.Wrong + utf8.Unsure, 0, 2);
        Assert.Equal((utf8.Right, utf8.Wrong, utf8.Unsure), (shiftJis.Right, shiftJis.Wrong, shiftJis.Unsure));
        Assert.Equal(utf8.Confusion, shiftJis.Confusion);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_named_and_the_others_count()
    {
        var result = await EvaluateAsync(Encoding.UTF8.GetBytes(
            "text,expected_track,expected_topics\nVPN,ict,ICT-NET\nVPN,mic,ICT-NET\nVPN,,\nVPN,ict,ICT-MAGIC\nVPN,ict\n" + new string('長', 10_001) + ",ict,\n\"VPN,ict,"));

        Assert.Equal((7, 1), (result.Read, result.Right));
        Assert.Equal(
            [(3, "evaluate.unknown_way"), (4, "evaluate.unknown_way"), (5, "evaluate.unknown_topic"), (6, "evaluate.columns"), (7, "evaluate.text_long"), (8, "evaluate.quote")],
            result.Rejected.Select(line => (line.Line, line.Code)));
        Assert.All(result.Rejected, line => Assert.Matches("[ぁ-ん]", line.Message));
    }

    [Theory]
    [InlineData("", "evaluate.header")]
    [InlineData("text,expected_topics\nVPN,ICT-NET", "evaluate.header")]
    [InlineData("text,text,expected_track\nVPN,VPN,ict", "evaluate.header")]
    [InlineData("text,expected_track\n", "evaluate.empty")]
    public async Task A_file_that_is_not_labelled_is_refused(string file, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<InvalidInput>(() => EvaluateAsync(Encoding.UTF8.GetBytes(file)))).Errors[0].Code);

    [Fact]
    public async Task A_file_in_no_known_encoding_is_refused() =>
        Assert.Equal("evaluate.encoding", (await Assert.ThrowsAsync<InvalidInput>(() => EvaluateAsync([0x74, 0xFF, 0xFE, 0xFD, 0x81]))).Errors[0].Code);

    private Task<Evaluation> EvaluateAsync(byte[] file) => app.Send(new EvaluateRules(file), Actor.System("test"));
}
