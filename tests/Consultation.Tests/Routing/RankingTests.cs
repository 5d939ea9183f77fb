using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Routing.Queue;

namespace Consultation.Tests.Routing;

/// <summary>Where the programme year says so, the applicant's wishes count among those who can be asked (候補提示).</summary>
public sealed class RankingTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task By_default_applicants_are_not_asked_and_a_wish_is_refused()
    {
        await AskApplicantsAsync(false);
        var (desk, expert) = (await app.DeskAsync("kanto"), await app.HireAsync());
        var id = await app.WaitingAsync(desk, Track.Mic);
        Assert.Equal("ranking.not_asked", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RankCandidates(id, Track.Mic, [expert], "電話で確認"), desk))).Code);
        Assert.False((await app.Send(new LookAtCandidates(id, Track.Mic), desk)).MayRank);
    }

    [Fact]
    public async Task The_first_wish_comes_first_among_equals_and_its_points_stand_in_the_decision_which_replays()
    {
        await AskApplicantsAsync(true);
        var (desk, supervisor) = (await app.DeskAsync("kanto"), await app.SupervisorAsync());
        ExpertId[] hired = [await app.HireAsync(), await app.HireAsync(), await app.HireAsync()];
        var id = await app.WaitingAsync(desk, Track.Mic);
        await app.Send(new RankCandidates(id, Track.Mic, [hired[2], hired[1], null], "電話で確認"), desk);

        var seen = (await app.Send(new ListCandidates(id, Track.Mic), supervisor)).ToDictionary(c => c.ExpertId);
        Assert.Equal([(3, null), (2, 2), (1, 1)], hired.Select((e, at) => (3 - at, seen[e].Ranked)));
        Assert.Equal((30, 20), (PointsOf(seen[hired[2]]), PointsOf(seen[hired[1]])));
        Assert.DoesNotContain(seen[hired[0]].Parts, p => p.Code == "ranked");
        Assert.Contains("相談者の第1希望です", (await app.CandidateAsync(id, hired[2], desk)).Reasons);

        var offer = await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk);
        Assert.Equal(hired[2], offer.Expert);
        var decision = Assert.Single(await app.Send(new ReplayDecision(id), supervisor));
        Assert.True(decision.Repeated);
        Assert.Contains(decision.Verdicts.Single(v => v.Expert == hired[2]).Parts, p => p is { Code: "ranked", Points: 30 });

        // Whoever was wished for and declines is out; the second wish is next.
        await app.Send(new DeclineOffer(offer.Id, "多忙", "電話で辞退"), desk);
        Assert.Equal(hired[1], (await app.Send(new OfferCase(id, Track.Mic, Auto: true), desk)).Expert);

        static int PointsOf(Candidate candidate) => candidate.Parts.Single(p => p.Code == "ranked").Points;
    }

    [Fact]
    public async Task Nobody_who_cannot_be_asked_is_wished_for_and_a_wish_asks_nobody_who_becomes_excluded()
    {
        await AskApplicantsAsync(true);
        var (desk, far, near) = (await app.DeskAsync("kanto"), await app.HireAsync(prefecture: "沖縄県"), await app.HireAsync());
        var id = await app.WaitingAsync(desk, Track.Mic);
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RankCandidates(id, Track.Mic, [near, far], "電話で確認"), desk));
        Assert.Equal("ranking.excluded", refused.Code);
        Assert.Contains("担当地域の外", refused.Text, StringComparison.Ordinal);
        Assert.Empty((await app.Send(new LookAtCandidates(id, Track.Mic), desk)).Wishes);

        await app.Send(new RankCandidates(id, Track.Mic, [near], "電話で確認"), desk);
        await app.Send(new AddAbsence(near, app.Now, app.Now.AddDays(20), "急病"));
        Assert.Equal("absent", Assert.Single((await app.CandidateAsync(id, near, desk)).Excluded).Code);
        Assert.Equal("offer.excluded", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OfferCase(id, Track.Mic, near), desk))).Code);
    }

    [Fact]
    public async Task Wishes_are_told_in_the_history_replaced_as_a_whole_and_taken_back_by_an_empty_list()
    {
        await AskApplicantsAsync(true);
        var desk = await app.DeskAsync("kanto");
        var (one, two) = (await app.HireAsync(name: "希望 一郎"), await app.HireAsync(name: "希望 二郎"));
        var id = await app.WaitingAsync(desk, Track.Mic);
        var first = await app.Send(new RankCandidates(id, Track.Mic, [one, two], "電話で確認"), desk);
        Assert.Equal(first.Version, (await app.Send(new RankCandidates(id, Track.Mic, [one, two], "電話で確認"), desk)).Version);
        await app.Send(new RankCandidates(id, Track.Mic, [two, one], "メールで確認"), desk);
        var seen = await app.Send(new LookAtCandidates(id, Track.Mic), desk);
        Assert.Equal([(1, "希望 二郎", "メールで確認"), (2, "希望 一郎", "メールで確認")], seen.Wishes.Select(w => (w.Place, w.Name, w.Told)));
        await app.Send(new RankCandidates(id, Track.Mic, []), desk);
        Assert.Empty((await app.Send(new LookAtCandidates(id, Track.Mic), desk)).Wishes);
        var told = (await app.CaseAsync(id)).History.Where(h => h.Kind == "candidates_ranked").Select(h => h.Text).ToList();
        Assert.Equal(3, told.Count);
        Assert.Contains(told, t => t.Contains("第1希望 希望 一郎、第2希望 希望 二郎", StringComparison.Ordinal) && t.Contains("電話で確認", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wish_needs_its_source_and_places_without_gap_and_without_repetition()
    {
        await AskApplicantsAsync(true);
        var (desk, expert) = (await app.DeskAsync("kanto"), await app.HireAsync());
        var id = await app.WaitingAsync(desk, Track.Mic);
        foreach (var (request, fault) in new (RankCandidates, string)[]
        {
            (new(id, Track.Mic, [expert]), "told:field.required"),
            (new(id, Track.Mic, [null, expert], "電話"), "experts:ranking.gap"),
            (new(id, Track.Mic, [expert, expert], "電話"), "experts:ranking.twice"),
            (new(id, Track.Mic, [expert, null, null, null], "電話"), "experts:ranking.too_many"),
            (new(id, Track.Mic, [ExpertId.From(Guid.CreateVersion7())], "電話"), "experts:field.unknown_code"),
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(request, desk));
            Assert.Equal([fault], refused.Errors.Select(e => $"{e.Field}:{e.Code}"));
        }

        var offered = await app.OfferedAsync(desk, expert);
        Assert.Equal("case.not_allowed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RankCandidates(offered.Case, Track.Mic, [expert], "電話"), desk))).Code);
    }

    [Fact]
    public async Task Wishes_do_not_count_any_more_once_the_programme_year_asks_for_none()
    {
        await AskApplicantsAsync(true);
        var (desk, expert) = (await app.DeskAsync("kanto"), await app.HireAsync());
        var id = await app.WaitingAsync(desk, Track.Mic);
        await app.Send(new RankCandidates(id, Track.Mic, [expert], "電話で確認"), desk);
        await AskApplicantsAsync(false);
        Assert.DoesNotContain((await app.CandidateAsync(id, expert, await app.SupervisorAsync())).Parts, p => p.Code == "ranked");
    }

    [Fact]
    public async Task J11_of_many_experts_the_best_are_shown_and_anybody_is_found_by_name_with_place_or_reason()
    {
        var desk = await app.DeskAsync("hokkaido");
        for (var i = 0; i < LookAtCandidates.Most + 5; i++)
        {
            await app.HireAsync(Affiliation.Mic, "北海道", name: $"一覧　候補{i:D2}");
        }

        await app.HireAsync(Affiliation.Mhlw, "北海道", name: "一覧　他省");
        var id = await app.WaitingAsync(desk, new(Prefecture: "北海道"), null, Track.Mic);
        var seen = await app.Send(new LookAtCandidates(id, Track.Mic, "一覧 候補3"), desk);
        Assert.Equal(LookAtCandidates.Most, seen.Best.Count);
        Assert.True(seen.Eligible >= LookAtCandidates.Most + 5);
        Assert.Equal(5, seen.Named);
        Assert.All(seen.Found, f => Assert.Contains("候補3", f.Candidate.Name, StringComparison.Ordinal));
        Assert.All(seen.Found, f => Assert.True(f.Place > 0));
        var excluded = Assert.Single((await app.Send(new LookAtCandidates(id, Track.Mic, "他省"), desk)).Found);
        Assert.Null(excluded.Place);
        Assert.Contains("総務省の専門家ではありません", excluded.Candidate.Excluded.Select(x => x.Text));
        var all = await app.Send(new ListCandidates(id, Track.Mic), desk);
        Assert.Equal(all.Take(LookAtCandidates.Most).Select(c => c.ExpertId), seen.Best.Select(c => c.ExpertId));
        Assert.Equal(all.Count, seen.All);
        Assert.Equal(0, (await app.Send(new LookAtCandidates(id, Track.Mic, "居ない人"), desk)).Named);
    }

    private Task AskApplicantsAsync(bool ask) => app.SqlAsync($"update programme_years set applicant_ranks = {ask} where fiscal_year = 2026");
}
