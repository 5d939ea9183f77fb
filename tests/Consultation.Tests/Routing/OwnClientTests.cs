using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

public sealed class OwnClientTests(TestApp app) : IClassFixture<TestApp>
{
    private const string Number = "1010001000006";

    [Theory]
    [InlineData("株式会社顧問先商事", "(株)顧問先商事", null)]
    [InlineData("Ｔ１０１０００１０００００６", "別の名前の会社", Number)]
    public async Task An_own_client_is_never_offered_whether_declared_by_name_or_by_number(string declared, string name, string? number)
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync(ownClients: [declared]);
        var asked = await app.WaitingAsync(desk, new(name, CorporateNumber: number, Prefecture: "東京都"), null, Track.Mic);
        var why = Assert.Single((await app.CandidateAsync(asked, expert, desk)).Excluded);
        Assert.Equal("own_client", why.Code);
        Assert.Contains("顧問先・関係先", why.Text, StringComparison.Ordinal);
        Assert.Equal("offer.excluded", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new Consultation.Routing.OfferCase(asked, Track.Mic, expert), desk))).Code);

        var another = await app.WaitingAsync(desk, new("株式会社無関係", Prefecture: "東京都"), null, Track.Mic);
        Assert.Empty((await app.CandidateAsync(another, expert, desk)).Excluded);
        Assert.Empty((await app.CandidateAsync(await app.WaitingAsync(desk, Track.Mic), expert, desk)).Excluded);
    }

    [Fact]
    public async Task A_number_that_only_an_earlier_case_told_counts_too()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync(ownClients: ["4010001000003"]);
        await app.WaitingAsync(desk, new("株式会社前回番号", CorporateNumber: "4010001000003", Prefecture: "東京都"), null, Track.Mic);
        var nameOnly = await app.WaitingAsync(desk, new("株式会社前回番号", Prefecture: "東京都"), null, Track.Mic);
        Assert.Equal("own_client", Assert.Single((await app.CandidateAsync(nameOnly, expert, desk)).Excluded).Code);
    }

    [Fact]
    public async Task A_declaration_is_changed_on_the_card_audited_and_reaches_the_next_list()
    {
        var desk = await app.DeskAsync("kanto");
        var supervisor = await app.SupervisorAsync();
        var expert = await app.HireAsync();
        var asked = await app.WaitingAsync(desk, new("株式会社後日判明", Prefecture: "東京都"), null, Track.Mic);
        Assert.Empty((await app.CandidateAsync(asked, expert, desk)).Excluded);
        var card = await app.Send(new GetExpert(expert), supervisor);
        var edit = new EditExpert(
            expert, card.Name, card.Affiliation, card.Prefecture, null, card.Email, card.Phone, card.Capacity, false, card.Districts, [], card.Modes, [], [], null, null, true, ["株式会社　後日判明"]);
        Assert.Equal(["株式会社　後日判明"], (await app.Send(edit, supervisor)).OwnClients);
        Assert.Equal("own_client", Assert.Single((await app.CandidateAsync(asked, expert, desk)).Excluded).Code);
        Assert.Equal("ownClients", await app.ReadAsync(db => Task.FromResult(db.Set<Consultation.Audit.AuditEntry>().Single(a => a.SubjectId == Ref.To(expert) && a.Action == "expert.edited").Details)));

        await app.Send(edit with { OwnClients = [] }, supervisor);
        Assert.Empty((await app.CandidateAsync(asked, expert, desk)).Excluded);
    }

    [Theory]
    [InlineData("123456789012", "expert.own_client_my_number")]
    [InlineData("株式会社", null)]
    [InlineData("1234567890123", "expert.own_client_malformed")]
    [InlineData("・・・", "expert.own_client_malformed")]
    [InlineData(" ", "field.required")]
    public async Task What_names_nobody_is_refused(string declared, string? code)
    {
        if (code is null)
        {
            await app.HireAsync(ownClients: [declared]);
            return;
        }

        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.HireAsync(ownClients: [declared]));
        Assert.Contains(refused.Errors, e => e.Field.StartsWith("ownClients", StringComparison.Ordinal) && e.Code == code);
    }
}
