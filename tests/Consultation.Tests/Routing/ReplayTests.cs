using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

public sealed class ReplayTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_decision_says_whom_it_looked_at_and_is_repeated_by_the_same_facts_even_after_the_experts_changed()
    {
        var (desk, supervisor) = (await app.DeskAsync("kanto"), await app.SupervisorAsync());
        var far = await app.HireAsync(prefecture: "沖縄県");
        var expert = await app.HireAsync(topics: [new("ICT-NET", 2)]);
        var offer = await app.OfferedAsync(desk, expert);
        await app.Send(new AddAbsence(expert, app.Now, app.Now.AddDays(20), "急病"));

        var decision = Assert.Single(await app.Send(new ReplayDecision(offer.Case), supervisor));
        Assert.Equal((expert, false, true), (decision.Chosen, decision.Auto, decision.Repeated));
        Assert.Equal(Matching.Version, decision.RuleVersion);
        Assert.Contains(decision.Verdicts, v => v.Expert == expert && v.Score == v.Parts.Sum(p => p.Points));
        Assert.Contains(decision.Verdicts, v => v.Expert == far && v.Excluded.Any(x => x.Code == "region"));
        Assert.Empty(decision.Differences);
    }

    [Fact]
    public async Task What_the_rules_chose_stands_first_in_its_decision_and_every_offer_of_a_case_has_one()
    {
        var desk = await app.DeskAsync("kanto");
        await app.HireAsync();
        var id = await app.WaitingAsync(desk, Track.Mic);
        var first = await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk);
        await app.HireAsync();
        await app.Send(new DeclineOffer(first.Id, "多忙", "電話で辞退"), desk);
        await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk);
        var decisions = await app.Send(new ReplayDecision(id), await app.SupervisorAsync());
        Assert.Equal(2, decisions.Count);
        Assert.All(decisions, d => Assert.True(d is { Auto: true, Repeated: true } && d.Verdicts[0].Expert == d.Chosen));
        Assert.Contains(decisions[0].Verdicts, v => v.Expert == first.Expert && v.Excluded.Any(x => x.Code == "declined"));
    }

    [Fact]
    public async Task Facts_that_somebody_changed_are_named_with_what_was_and_what_is_and_the_checker_finds_them()
    {
        var offer = await app.OfferedAsync(await app.DeskAsync("kanto"), await app.HireAsync());
        await app.SqlAsync($"create table kept as select * from match_decisions where offer_id = '{offer.Id}'");
        await app.SqlAsync($"update match_decisions set facts = (select jsonb_agg(jsonb_set(f, '{{capacity}}', '1')) from jsonb_array_elements(facts) f) where offer_id = '{offer.Id}'");
        var decision = Assert.Single(await app.Send(new ReplayDecision(offer.Case), await app.SupervisorAsync()));
        Assert.False(decision.Repeated);
        Assert.NotEmpty(decision.Differences);
        Assert.Contains((await app.Send(new RunCheck())).Broken, b => b.Code == "decision.replay" && b.Subject == offer.Id.ToString());
        await app.SqlAsync("update match_decisions d set facts = k.facts from kept k where d.id = k.id; drop table kept");
        Assert.DoesNotContain((await app.Send(new RunCheck())).Broken, b => b.Code == "decision.replay");
    }

    [Fact]
    public async Task Points_are_for_supervisors_and_another_districts_case_is_not_found()
    {
        var desk = await app.DeskAsync("kanto");
        var offer = await app.OfferedAsync(desk, await app.HireAsync());
        await Assert.ThrowsAsync<Forbidden>(() => app.Send(new ReplayDecision(offer.Case), desk));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ReplayDecision(Consultation.Cases.CaseId.New()), await app.SupervisorAsync()));
    }

    [Fact]
    public async Task Of_a_large_house_a_decision_keeps_the_nearest_and_counts_the_others_by_reason()
    {
        var desk = await app.DeskAsync("kanto");
        var offer = await app.OfferedAsync(desk, await app.HireAsync());
        var decision = await app.ReadAsync(db => db.Set<MatchDecision>().AsNoTracking().SingleAsync(d => d.OfferId == offer.Id));
        var asked = await app.ReadAsync(db => db.Set<Offer>().AsNoTracking().SingleAsync(o => o.Id == offer.Id));
        var chosen = decision.Facts.Single(f => f.Expert == offer.Expert);
        var away = Enumerable.Range(0, 900).Select(n => chosen with { Expert = ExpertId.New(), Name = $"ア{n}", Affiliation = Affiliation.Mhlw });
        var near = Enumerable.Range(0, 250).Select(n => chosen with { Expert = ExpertId.New(), Name = $"ン{n}" });
        var full = Enumerable.Range(0, 100).Select(n => chosen with { Expert = ExpertId.New(), Name = $"イ{n}", Load = 60, Capacity = 50 });
        List<ExpertFacts> all = [chosen with { Load = 49 }, .. away, .. near, .. full];
        var kept = new MatchDecision(asked, false, decision.Need, all, Matching.Judge(decision.Need, all));
        Assert.Equal(MatchDecision.MostKept, kept.Facts.Count);
        Assert.Contains(kept.Facts, f => f.Expert == offer.Expert);
        Assert.DoesNotContain(kept.Facts, f => f.Affiliation == Affiliation.Mhlw);
        Assert.Equal((900, 51), (kept.Others["ministry"], kept.Others["capacity"]));
        Assert.True(kept.IsRepeatedBy(kept.JudgedAgain()));
    }
}
