using Consultation.Cases;
using Consultation.Experts;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Tests.Routing.Board;

public sealed class AssignmentTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J10_thirty_waiting_cases_are_previewed_alike_twice_and_offered_at_once_with_an_evener_load()
    {
        var desk = await app.DeskAsync("kanto");
        var busy = await app.HireAsync(Affiliation.Mic, capacity: 20);
        for (var n = 0; n < 10; n++)
        {
            await app.OfferedAsync(desk, busy);
        }

        for (var n = 0; n < 4; n++)
        {
            await app.HireAsync(Affiliation.Mic, n % 2 == 0 ? "東京都" : "群馬県", capacity: 20);
        }

        await app.HireAsync(Affiliation.Mhlw, capacity: 20);
        await app.WaitAsync(desk, "東京都", 20, Track.Mic);
        await app.WaitAsync(desk, "群馬県", 10, Track.Mic);

        var (first, second) = (await app.PreviewAsync(desk), await app.PreviewAsync(desk));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.ContentHash, second.ContentHash);
        Assert.Equal(30, first.Needs.Count);
        Assert.Equal(first.Needs.OrderBy(n => n.ReceivedAt).Select(n => n.Number), first.Needs.Select(n => n.Number));
        var experts = await app.ReadAsync(db => db.Set<Expert>().CountAsync());
        Assert.All(first.Needs, need =>
        {
            Assert.Equal(experts, need.Candidates.Count);
            Assert.All(need.Candidates, c => Assert.True(c.Excluded.Count > 0 || c.Reasons.Count > 0));
            Assert.NotNull(need.Optimal);
        });
        Assert.Equal((30, 0, true), (first.Optimal.Assigned, first.Optimal.Unassigned, first.Optimal.IsOptimal));
        Assert.True(first.Optimal.Spread.Deviation < first.Before.Deviation, $"{first.Optimal.Spread} is not evener than {first.Before}");
        Assert.Empty((await app.OffersAsync(first)));

        var applied = await app.Send(new ApplyAssignment(first.Id, AssignmentChoice.Optimal), desk);
        Assert.Equal((BoardPlanState.Applied, desk.Name, false), (applied.State, applied.AppliedBy!, applied.Repeated));
        var offers = await app.OffersAsync(first);
        Assert.Equal(first.Needs.Select(n => (n.Case, n.Optimal!.ExpertId)).OrderBy(p => p.Case.Value), offers.Select(o => (o.CaseId, o.ExpertId)).OrderBy(p => p.CaseId.Value));
        Assert.All(offers, o => Assert.Equal((OfferState.Open, desk.Name), (o.State, o.OfferedBy)));
        var ids = offers.ConvertAll(o => o.Id);
        Assert.Equal(30, await app.ReadAsync(db => db.Set<MatchDecision>().CountAsync(d => ids.Contains(d.OfferId))));
        var keys = ids.ConvertAll(id => $"offer/{id}");
        Assert.Equal(30, await app.ReadAsync(db => db.Set<OutgoingMail>().CountAsync(m => keys.Contains(m.EventKey))));
        await app.NothingBrokenAsync();

        var again = await app.Send(new ApplyAssignment(first.Id, AssignmentChoice.Optimal), desk);
        Assert.Equal(applied with { Repeated = true }, again);
        Assert.Equal(30, (await app.OffersAsync(first)).Count);
        Assert.Equal("assignment.applied", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApplyAssignment(first.Id, AssignmentChoice.Greedy), desk))).Code);
    }

    [Fact]
    public async Task An_expert_made_absent_between_preview_and_apply_is_named_and_nobody_is_asked()
    {
        var desk = await app.DeskAsync("tohoku");
        var (one, two) = (await app.HireAsync(Affiliation.Mic, "宮城県", 2), await app.HireAsync(Affiliation.Mic, "宮城県", 2));
        await app.WaitAsync(desk, "宮城県", 3, Track.Mic);
        var plan = await app.PreviewAsync(desk);
        Assert.Equal(3, plan.Optimal.Assigned);
        await app.Send(new AddAbsence(one, TestApp.Start.AddHours(-1), TestApp.Start.AddDays(60), "病気"), await app.SupervisorAsync());

        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk));
        Assert.Equal("assignment.outdated", refused.Code);
        var expected = plan.Needs.Where(n => n.Optimal!.ExpertId == one).Select(n => (n.Case, one, "excluded"));
        Assert.Equal(expected.OrderBy(e => e.Case.Value), refused.Changes().Select(c => (c.CaseId, c.ExpertId, c.Code)).OrderBy(c => c.CaseId.Value));
        Assert.All(refused.Changes(), c => Assert.Contains("不在です", c.Text, StringComparison.Ordinal));
        Assert.Empty(await app.OffersAsync(plan));

        var anew = await app.PreviewAsync(desk);
        Assert.NotEqual(plan.ContentHash, anew.ContentHash);
        Assert.Equal((2, 1), (anew.Optimal.Assigned, anew.Optimal.Unassigned));
        Assert.All(anew.Needs.Where(n => n.Optimal is not null), n => Assert.Equal(two, n.Optimal!.ExpertId));
        Assert.Equal("打診できる1人の空きは、ほかの案件で埋まります", anew.Needs.Single(n => n.Optimal is null).NobodyOptimal);
    }

    [Fact]
    public async Task J12_of_two_coordinators_with_overlapping_plans_one_wins_and_the_other_sees_who_and_when()
    {
        var (desk, centre) = (await app.DeskAsync("kinki"), await app.CentreAsync());
        await app.HireAsync(Affiliation.Mic, "大阪府", 40);
        for (var round = 0; round < 4; round++)
        {
            var cases = await app.WaitAsync(desk, "大阪府", 4, Track.Mic);
            var plans = new[] { (Plan: await app.PreviewAsync(desk, [.. cases.Take(3)]), By: desk), (Plan: await app.PreviewAsync(centre, [.. cases.Skip(1).Reverse()]), By: centre) };
            var outcomes = await Task.WhenAll(plans.Select(async p =>
            {
                try
                {
                    return (p.By, Result: (object)await app.Send(new ApplyAssignment(p.Plan.Id, AssignmentChoice.Optimal), p.By));
                }
                catch (RuleViolation refused)
                {
                    return (p.By, refused);
                }
            }));
            var won = Assert.Single(outcomes, o => o.Result is BoardResult);
            var lost = Assert.IsType<RuleViolation>(Assert.Single(outcomes, o => o.Result is RuleViolation).Result);
            Assert.Equal("assignment.outdated", lost.Code);
            Assert.Equal(2, lost.Changes().Count);
            Assert.All(lost.Changes(), c => Assert.Equal(("offered", true), (c.Code, c.Text.Contains($"{won.By.Name}さんが11月24日(火) 9:2", StringComparison.Ordinal))));
            Assert.Equal(3L, await app.SqlAsync($"select count(*) from offers where case_id in ('{string.Join("','", cases)}')"));
        }

        await app.NothingBrokenAsync();
    }

    [Fact]
    public async Task J12_the_same_plan_applied_by_two_at_once_is_applied_once_and_both_learn_by_whom()
    {
        var (desk, supervisor) = (await app.DeskAsync("chugoku"), await app.SupervisorAsync("chugoku"));
        await app.HireAsync(Affiliation.Mic, "広島県", 40);
        await app.WaitAsync(desk, "広島県", 3, Track.Mic);
        var plan = await app.PreviewAsync(desk);
        var both = await Task.WhenAll(new[] { desk, supervisor }.Select(who => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Greedy), who)));
        Assert.Single(both, r => r.Repeated);
        Assert.Single(both.Select(r => (r.AppliedBy, r.AppliedAt)).Distinct());
        Assert.Equal(3, (await app.OffersAsync(plan)).Count);
    }

    [Fact]
    public async Task What_changed_is_listed_exactly_for_every_kind_of_change()
    {
        var desk = await app.DeskAsync("tokai");
        var expert = await app.HireAsync(Affiliation.Mic, "愛知県", 40);
        var cases = await app.WaitAsync(desk, "愛知県", 6, Track.Mic);
        var plan = await app.PreviewAsync(desk);
        await app.Send(new OfferCase(cases[0], Track.Mic, expert), desk);
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(cases[1], Track.Mic, expert), desk)).Id, "電話で受諾"), desk);
        await app.Send(new HoldCase(cases[2], "回答待ち"), desk);
        await app.Send(new CloseCase(cases[3], CaseOutcome.Answered), desk);
        await app.Send(new HandOverCase(cases[4], "kinki", "本社が大阪"), desk);
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk));
        Assert.Equal(["offered", "held", "on_hold", "not_waiting", "moved"], refused.Changes().OrderBy(c => c.Number, StringComparer.Ordinal).Select(c => c.Code));
        Assert.Equal(2, (await app.OffersAsync(plan)).Count);
    }

    [Fact]
    public async Task One_person_of_both_ministries_fills_both_tracks_and_takes_one_place()
    {
        var desk = await app.DeskAsync("hokuriku");
        var both = await app.HireAsync(Affiliation.Both, "石川県", 1);
        var id = (await app.WaitAsync(desk, "石川県", 1, Track.Mic, Track.Mhlw)).Single();
        var plan = await app.PreviewAsync(desk);
        Assert.Equal((2, 1), (plan.Optimal.Assigned, plan.Optimal.OnePerson));
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk);
        Assert.All((await app.CaseAsync(id)).Tracks, t => Assert.Equal((TrackState.Offered, both), (t.State, t.ExpertId!.Value)));
        Assert.Equal(1, plan.OptimalLetters.Single().Capacity);
    }

    [Fact]
    public async Task The_second_track_of_a_case_in_hand_takes_no_place_more()
    {
        var desk = await app.DeskAsync("kyushu");
        var both = await app.HireAsync(Affiliation.Both, "福岡県", 2);
        var cases = await app.WaitAsync(desk, "福岡県", 2, Track.Mic, Track.Mhlw);
        await app.Send(new AcceptOffer((await app.Send(new OfferCase(cases[0], Track.Mic, both), desk)).Id, "電話"), desk);
        var plan = await app.PreviewAsync(desk);
        Assert.Equal((3, 1), (plan.Optimal.Assigned, plan.OptimalLetters.Single().Load));
        await app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), desk);
        Assert.Equal(4, (await app.OffersAsync(plan)).Count);
        await app.NothingBrokenAsync();
    }

    [Fact]
    public async Task A_plan_is_seen_by_its_district_and_by_those_who_work_nationwide_and_numbers_by_supervisors()
    {
        var desk = await app.DeskAsync("shikoku");
        await app.HireAsync(Affiliation.Mic, "香川県", 4);
        await app.WaitAsync(desk, "香川県", 1, Track.Mic);
        var plan = await app.PreviewAsync(desk);
        Assert.Null(plan.Optimal.Points);
        Assert.All(plan.Needs.Single().Candidates, c => Assert.Null(c.Score));
        Assert.NotNull((await app.Send(new GetAssignment(plan.Id), await app.SupervisorAsync())).Optimal.Points);
        var other = await app.DeskAsync("okinawa");
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetAssignment(plan.Id), other));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ApplyAssignment(plan.Id, AssignmentChoice.Optimal), other));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new UndoAssignment(plan.Id), other));
        Assert.Equal("cases", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new PreviewAssignment([plan.Needs.Single().Case]), other))).Errors.Single().Field);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new PreviewAssignment(), await app.ExpertAsync(await app.HireAsync())));
        Assert.Equal("assignment.not_applied", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new UndoAssignment(plan.Id), desk))).Code);
    }

    [Fact]
    public async Task Of_a_selection_what_waits_no_more_is_left_out_and_named()
    {
        var desk = await app.DeskAsync("shinetsu");
        await app.HireAsync(Affiliation.Mic, "長野県", 40);
        var cases = await app.WaitAsync(desk, "長野県", 3, Track.Mic);
        await app.Send(new HoldCase(cases[0], "回答待ち"), desk);
        var plan = await app.PreviewAsync(desk, cases[0], cases[1]);
        Assert.Equal([cases[1]], plan.Needs.Select(n => n.Case));
        Assert.Equal((cases[0], true), (plan.LeftOut.Single().Case, plan.LeftOut.Single().OnHold));
        Assert.Equal(2, (await app.Send(new ListWaiting(), desk)).Items.Count);
        Assert.Equal(2, await app.Send(new CountWaiting(), desk));
    }
}
