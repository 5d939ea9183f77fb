using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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
        var company = new OrganisationInput("株式会社継続試験", Prefecture: "愛知県");
        var known = await app.HireAsync(prefecture: "愛知県");
        var offer = await app.Send(new OfferCase(await app.WaitingAsync(desk, company, null, Track.Mic), Track.Mic, known), desk);
        await app.Send(new AcceptOffer(offer.Id), await app.ExpertAsync(known));
        var again = await app.CandidateAsync(await app.WaitingAsync(desk, company, null, Track.Mic), known, await app.SupervisorAsync());
        Assert.Contains(again.Parts, p => p.Code == "continuity" && p.Points > 0);
        Assert.Contains("この企業を以前にも担当しています", again.Reasons);
    }

    [Fact]
    public async Task Many_needs_at_once_are_judged_as_each_alone()
    {
        var (desk, other) = (await app.DeskAsync("kanto"), await app.DeskAsync("kinki"));
        var company = new OrganisationInput("株式会社一括試験", Prefecture: "東京都");
        var known = await app.HireAsync();
        var offer = await app.Send(new OfferCase(await app.WaitingAsync(desk, company, null, Track.Mic), Track.Mic, known), desk);
        await app.Send(new AcceptOffer(offer.Id), await app.ExpertAsync(known));
        var both = await app.WaitingAsync(desk, company, null, Track.Mic, Track.Mhlw);
        var refused = await app.Send(new OfferCase(both, Track.Mhlw, known), desk);
        await app.Send(new DeclineOffer(refused.Id, "多忙"), await app.ExpertAsync(known));
        await app.Send(new OfferCase(both, Track.Mhlw, await app.HireAsync()), desk);
        var far = await app.WaitingAsync(other, new(Prefecture: "大阪府"), VisitMode.Web, Track.Mhlw);

        var needs = new[] { (await app.CaseAsync(both), Track.Mic), (await app.CaseAsync(far), Track.Mhlw), (await app.CaseAsync(both), Track.Mhlw) };
        await using var scope = app.Provider.CreateAsyncScope();
        var execution = scope.ServiceProvider.GetRequiredService<Execution>();
        (execution.Actor, execution.Now) = (await app.SupervisorAsync(), app.Now);
        var candidates = scope.ServiceProvider.GetRequiredService<Candidates>();
        var access = scope.ServiceProvider.GetRequiredService<CaseAccess>();
        var together = await candidates.MatchManyAsync(needs, CancellationToken.None);
        Assert.Equal(needs.Length, together.Count);
        foreach (var ((found, track), match) in needs.Zip(together))
        {
            var alone = await candidates.MatchAsync(found, track, null, await access.OccasionAsync(found.DeskId, CancellationToken.None), CancellationToken.None);
            Assert.Equal(Words(alone.Facts), Words(match.Facts));
            Assert.Equal(Words(alone.Verdicts), Words(match.Verdicts));
        }

        // Whoever declined one track is not asked for the other either.
        Assert.Equal((1, 1, "多忙"), Told(together[0], known));
        Assert.Equal((1, 1, "多忙"), Told(together[2], known));
        Assert.Equal((1, 0, null), Told(together[1], known));

        static (int Load, int Earlier, string? Declined) Told(Match match, ExpertId expert) =>
            match.Facts.Where(f => f.Expert == expert).Select(f => (f.Load, f.EarlierCases, f.Declined)).Single();
    }

    [Fact]
    public async Task A_change_of_an_expert_in_another_process_is_in_the_next_list()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var id = await app.WaitingAsync(desk, Track.Mic);
        Assert.Empty((await app.CandidateAsync(id, expert, desk)).Excluded);
        await app.ReadAsync(db => db.Database.ExecuteSqlAsync($"update experts set active = false, version = version + 1 where id = {expert.Value}"));
        Assert.Equal("inactive", Assert.Single((await app.CandidateAsync(id, expert, desk)).Excluded).Code);
    }

    [Fact]
    public async Task Whoever_is_asked_for_the_other_ministry_shows_it_in_the_list_as_in_the_decision()
    {
        var desk = await app.DeskAsync("kanto");
        var expert = await app.HireAsync();
        var id = await app.WaitingAsync(desk, Track.Mic, Track.Mhlw);
        await app.Send(new OfferCase(id, Track.Mic, expert), desk);
        Assert.Contains((await app.CandidateAsync(id, expert, await app.SupervisorAsync(), Track.Mhlw)).Parts, p => p.Code == "one_person");
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
    }

    private static string Words<T>(IEnumerable<T> all) => System.Text.Json.JsonSerializer.Serialize(all);
}
