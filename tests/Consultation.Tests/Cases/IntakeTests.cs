using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Tests.Cases;

public sealed class IntakeTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task One_line_saves_and_gaps_are_named_and_not_refused()
    {
        var desk = await app.DeskAsync("tohoku");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "VPN遅い 折返し希望"), desk);

        Assert.Matches("^R08-[0-9]{6}$", logged.Number);
        Assert.Contains("organisation.name", logged.Missing);
        Assert.Contains("contact.phone", logged.Missing);
        Assert.Equal(CaseStatus.Received, logged.Status);
        Assert.Equal([Consultation.Topics.Track.Mic], logged.Suggestion.Tracks);
    }

    [Fact]
    public async Task A_phone_call_answered_by_a_person_meets_the_first_response_at_once_and_a_mail_does_not()
    {
        var desk = await app.DeskAsync("tohoku");
        Assert.Null((await app.Send(new LogInquiry(Channel.Phone, "就業規則の相談"), desk)).Due);

        var mailed = await app.Send(new LogInquiry(Channel.Email, "就業規則の相談", new DateTimeOffset(2026, 11, 20, 16, 30, 0, TimeSpan.FromHours(9))), desk);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 30, 0, TimeSpan.FromHours(9)), mailed.Due);
        Assert.Contains("勤労感謝の日", mailed.Why);
    }

    [Fact]
    public async Task An_answered_call_is_listed_until_it_is_routed_however_many_others_have_a_clock()
    {
        var desk = await app.DeskAsync("hokuriku");
        await app.Send(new LogInquiry(Channel.Email, "時計のある相談"), desk);
        var answered = await app.Send(new LogInquiry(Channel.Phone, "VPNが遅い"), desk);

        // A short page is full of dated cases, and still this one is found.
        Assert.Equal(answered.Id, Assert.Single((await app.Send(new ListQueue(Limit: 1, Unrouted: true), desk)).Items).Id);
        await app.Send(new RouteCase(answered.Id, answered.Suggestion.Tracks), desk);
        Assert.Empty((await app.Send(new ListQueue(Unrouted: true), desk)).Items);
    }

    [Fact]
    public async Task J02_the_same_company_in_another_spelling_is_seen_at_another_desk()
    {
        var first = await app.Send(new LogInquiry(Channel.Phone, "相談", Organisation: new("株式会社テスト九")), await app.DeskAsync("tohoku"));
        var second = await app.Send(new LogInquiry(Channel.Phone, "相談", Organisation: new("(株)ﾃｽﾄ九")), await app.DeskAsync("kyushu"));
        Assert.Equal(first.Number, Assert.Single(second.Similar).Number);
    }

    [Fact]
    public async Task J03_the_same_idempotency_key_answers_with_the_same_number()
    {
        var desk = await app.DeskAsync("tohoku");
        var key = new IdempotencyKey("t", "/api/v1/inquiries", "k1", "h1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Send(new LogInquiry(Channel.Web, "二重送信"), desk, key)));
        Assert.Single(answers.Select(a => a.Number).Distinct());

        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new LogInquiry(Channel.Web, "別の内容"), desk, key with { BodyHash = "h2" }));
        Assert.Equal("idempotency.reused", refused.Errors.Single().Code);
    }

    [Fact]
    public async Task J38_search_finds_words_in_sentences_and_companies_in_kana_and_numbers_as_spoken()
    {
        var desk = await app.DeskAsync("hokkaido");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "校正紙と押印のために出社。在宅勤務手当も。", Organisation: new("有限会社ねこのて印刷", Kana: "ﾈｺﾉﾃｲﾝｻﾂ")), desk);
        foreach (var asked in new[] { "在宅勤務手当", "印", "ねこのて", "ネコノテ", "ﾈｺﾉﾃ", logged.Number, $"8の{int.Parse(logged.Number[4..])}" })
        {
            Assert.Contains((await app.Send(new ListCases(asked), desk)).Items, r => r.Id == logged.Id);
        }

        Assert.Empty((await app.Send(new ListCases("押印"), await app.DeskAsync("okinawa"))).Items);
        Assert.Empty((await app.Send(new ListCases("勤手"), desk)).Items);
    }

    [Fact]
    public async Task A_possible_individual_number_is_refused_and_stored_nowhere()
    {
        var desk = await app.DeskAsync("tohoku");
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new LogInquiry(Channel.Phone, "相談", Organisation: new("試験会社", CorporateNumber: "123456789012")), desk));
        Assert.Equal(("organisation.corporateNumber", "organisation.my_number"), (refused.Errors.Single().Field, refused.Errors.Single().Code));
    }
}
