using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

public sealed class CandidateTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J11_why_not_this_expert_is_answered_in_exactly_three_sentences()
    {
        var hokkaido = await app.DeskAsync("hokkaido");
        var expert = await app.HireAsync(Affiliation.Mic, "北海道", capacity: 3);
        for (var i = 0; i < 3; i++)
        {
            await app.Send(new OfferCase(await app.WaitingAsync(hokkaido, new(Prefecture: "北海道"), null, Track.Mic), Track.Mic, expert), hokkaido);
        }

        await app.Send(new SetAvailability(expert, WorkingHours.Usual, Capacity: 1));
        await app.Send(new AddAbsence(expert, Japan(12, 14), Japan(12, 15), "年休"));
        var kanto = await app.DeskAsync("kanto");
        var asked = await app.WaitingAsync(kanto, Track.Mic);
        foreach (var on in new DateOnly?[] { null, new(2026, 12, 14) })
        {
            var why = await app.CandidateAsync(asked, expert, kanto, on: on);
            Assert.Equal(["absent", "capacity", "region"], why.Excluded.Select(x => x.Code).Order());
            Assert.Contains(why.Excluded, x => x.Text == "12月14日(月)は休みです");
            Assert.Contains(why.Excluded, x => x.Text.Contains("2件超えています", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Clerks_see_reasons_and_no_numbers_and_supervisors_see_both()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var id = await app.WaitingAsync(desk, Track.Mic);
        foreach (var clerk in new[] { desk, await app.CentreAsync() })
        {
            var seen = await app.CandidateAsync(id, expert, clerk);
            Assert.Null(seen.Score);
            Assert.Empty(seen.Parts);
            Assert.InRange(seen.Reasons.Count, 1, 3);
        }

        var numbers = await app.CandidateAsync(id, expert, await app.SupervisorAsync());
        Assert.Equal(numbers.Score, numbers.Parts.Sum(p => p.Points));
        Assert.NotEmpty(numbers.Parts);
    }

    [Fact]
    public async Task Another_districts_case_is_not_found_and_an_expert_may_not_ask()
    {
        var id = await app.WaitingAsync(await app.DeskAsync("kanto"), Track.Mic);
        var expert = await app.HireAsync();
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ListCandidates(id, Track.Mic), await app.DeskAsync("okinawa")));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new OfferCase(id, Track.Mic, expert), await app.DeskAsync("okinawa")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListCandidates(id, Track.Mic), await app.ExpertAsync(expert)));
    }

    [Fact]
    public async Task Absence_from_now_keeps_anything_new_away_at_once()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var id = await app.WaitingAsync(desk, Track.Mic);
        Assert.Empty((await app.CandidateAsync(id, expert, desk)).Excluded);
        await app.Send(new AddAbsence(expert, app.Now, app.Now.AddHours(6), "急病"));
        var why = Assert.Single((await app.CandidateAsync(id, expert, desk)).Excluded);
        Assert.Equal(("absent", "11月24日(火)は休みです"), (why.Code, why.Text));
        Assert.DoesNotContain("急病", why.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_advised_the_company_before_is_preferred()
    {
        var desk = await app.DeskAsync("tokai");
        var company = new Consultation.Cases.OrganisationInput("株式会社継続試験", Prefecture: "愛知県");
        var known = await app.HireAsync(prefecture: "愛知県");
        var offer = await app.Send(new OfferCase(await app.WaitingAsync(desk, company, null, Track.Mic), Track.Mic, known), desk);
        await app.Send(new AcceptOffer(offer.Id), await app.ExpertAsync(known));
        var again = await app.CandidateAsync(await app.WaitingAsync(desk, company, null, Track.Mic), known, await app.SupervisorAsync());
        Assert.Contains(again.Parts, p => p.Code == "continuity" && p.Points > 0);
        Assert.Contains("この企業を以前にも担当しています", again.Reasons);
    }

    [Fact]
    public async Task A_stored_decision_judged_again_gives_the_same_answer()
    {
        var desk = await app.DeskAsync("kanto");
        await app.HireAsync(Affiliation.Mhlw);
        await app.HireAsync(prefecture: "沖縄県");
        var offer = await app.OfferedAsync(desk, await app.HireAsync(topics: [new("ICT-NET", 2)]));
        var decision = await app.ReadAsync(db => db.Set<MatchDecision>().AsNoTracking().SingleAsync(d => d.OfferId == offer.Id));
        Assert.Equal(Matching.Version, decision.RuleVersion);
        Assert.True(decision.Facts.Count >= 3);
        Assert.Equal(Words(decision.Verdicts), Words(Matching.Judge(decision.Need, decision.Facts)));

        static string Words(IEnumerable<Verdict> verdicts) => System.Text.Json.JsonSerializer.Serialize(verdicts);
    }
}
