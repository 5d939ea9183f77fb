using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Handover;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Handover;

/// <summary>An expert falls ill or is on leave: what stands, who takes over, and the way back (journey J14).</summary>
public sealed class HandoverTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J14_an_expert_falls_ill_and_one_approval_hands_todays_visits_over_with_one_letter_to_each_client()
    {
        var ill = await app.ExpertNamedAsync("急病 一郎");
        await app.ExpertNamedAsync("代理 花子");
        var afternoon = await app.HeldCaseAsync("午後の社", (Track.Mic, ill));
        var visit = await app.Send(Visit(afternoon, At(11, 24, 15)));
        var evening = await app.HeldCaseAsync("夕方の社", (Track.Mic, ill));
        var last = await app.Send(Visit(evening, At(11, 24, 16)));
        var later = await app.HeldCaseAsync("来週の社", (Track.Mic, ill));
        await app.Send(Visit(later, At(12, 2, 10)));
        await app.Send(new AddAbsence(ill, app.Now, At(11, 24, 17), "体調不良"), await app.ExpertAsync(ill));
        var supervisor = await app.SupervisorAsync();

        var proposed = await app.Send(new ProposeHandover(ill), supervisor);
        var plan = await app.Send(new GetHandover(proposed.Id), supervisor);

        Assert.Equal([visit.Id, last.Id], plan.Items.SelectMany(i => i.Visits).Select(v => v.Visit));
        Assert.All(plan.Items, i => Assert.NotNull(i.To));
        Assert.All(plan.Items, i => Assert.Contains(i.Candidates, c => c.ExpertId == ill && c.Excluded.Count > 0));
        Assert.Equal(ill, await HolderAsync(afternoon));

        var done = await app.Send(new ApproveHandover(proposed.Id, "電話で了解"), supervisor);
        Assert.Equal((HandoverState.Approved, 2), (done.State, done.Done));
        Assert.NotEqual(ill, await HolderAsync(afternoon));
        Assert.Equal(ill, await HolderAsync(later));
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(afternoon));
        Assert.Equal("1,0", await app.QuotaAsync(afternoon));
        Assert.Empty(await app.Send(new ListVisitsInAbsence(ill), supervisor));
        foreach (var id in new[] { afternoon, evening })
        {
            var letter = Assert.Single(await LettersAsync("expert-substituted", id));
            Assert.Contains("急病 一郎", letter.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("体調", letter.Body, StringComparison.Ordinal);
        }

        Assert.True((await app.Send(new ApproveHandover(proposed.Id, "電話で了解"), supervisor)).Repeated);
        Assert.Single(await LettersAsync("expert-substituted", afternoon));
        Assert.Single((await AllLettersAsync("hand-over-list")).Select(m => m.Recipient).Distinct(), await AddressAsync(await HolderAsync(afternoon)));
        // The desk need not call about what is settled.
        Assert.DoesNotContain((await app.Send(new ListCallBacks(), await app.DeskAsync("tohoku"))).Items, c => c.Case == afternoon || c.Case == evening);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task One_person_is_not_sent_to_two_visits_at_once_and_whoever_is_elsewhere_is_out()
    {
        var away = await app.ExpertNamedAsync("休暇 次郎", Affiliation.Mhlw);
        var first = await app.ExpertNamedAsync("代理 甲", Affiliation.Mhlw);
        var second = await app.ExpertNamedAsync("代理 乙", Affiliation.Mhlw);
        var busy = await app.HeldCaseAsync("先約の社", (Track.Mhlw, second));
        await app.Send(Visit(busy, At(12, 8, 13)));
        var morning = await app.HeldCaseAsync("朝の社", (Track.Mhlw, away));
        await app.Send(Visit(morning, At(12, 8, 10)));
        var noon = await app.HeldCaseAsync("昼の社", (Track.Mhlw, away));
        await app.Send(Visit(noon, At(12, 8, 13)));
        var other = await app.HeldCaseAsync("もう1件の社", (Track.Mhlw, first));
        await app.Send(Visit(other, At(12, 8, 9)));
        await app.Send(new AddAbsence(away, At(12, 8, 0), At(12, 9, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();

        var plan = await app.Send(new GetHandover((await app.Send(new ProposeHandover(away), supervisor)).Id), supervisor);

        var atNoon = plan.Items.Single(i => i.Case == noon);
        Assert.NotNull(atNoon.To);
        Assert.NotEqual(second, atNoon.To);
        Assert.Contains(atNoon.Candidates.Single(c => c.ExpertId == second).Excluded, x => x.Text.Contains("別の予定", StringComparison.Ordinal));
        await app.Send(new ApproveHandover(plan.Id, "電話で了解"), supervisor);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task What_changed_since_the_proposal_is_named_and_nothing_is_handed_over()
    {
        var away = await app.ExpertNamedAsync("休暇 三郎");
        await app.ExpertNamedAsync("代理 戊");
        var id = await app.HeldCaseAsync("変わる社", (Track.Mic, away));
        var visit = await app.Send(Visit(id, At(12, 9, 10)));
        var same = await app.HeldCaseAsync("変わらない社", (Track.Mic, away));
        await app.Send(Visit(same, At(12, 9, 14)));
        await app.Send(new AddAbsence(away, At(12, 9, 0), At(12, 10, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(away), supervisor);
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Client, "先方の都合"));

        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveHandover(proposed.Id, "電話で了解"), supervisor));

        Assert.Equal("handover.outdated", refused.Code);
        Assert.Equal(id, Assert.Single((IReadOnlyList<HandoverChange>)refused.Extra["changes"]!).CaseId);
        Assert.Equal(away, await HolderAsync(same));
        Assert.Empty(await LettersAsync("expert-substituted", same));
    }

    [Fact]
    public async Task An_open_question_goes_to_somebody_else_and_the_case_keeps_its_age()
    {
        var away = await app.ExpertNamedAsync("休暇 四郎");
        await app.ExpertNamedAsync("代理 丙");
        var logged = await app.Send(new LogInquiry(Channel.Phone, "VPNの相談", Desk: "tohoku", Organisation: new("打診中の社", Prefecture: "宮城県")));
        await app.Send(new RouteCase(logged.Id, [Track.Mic], Reason: "試験"));
        await app.Send(new OfferCase(logged.Id, Track.Mic, away));
        await app.ExpertNamedAsync("代理 辛");
        await app.Send(new AddAbsence(away, At(11, 25, 0), At(11, 28, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(away), supervisor);
        var plan = await app.Send(new GetHandover(proposed.Id), supervisor);
        // Whoever is chosen need not be the first by the rules; the decision says that a person chose.
        var other = plan.Items.Single().Candidates.Last(c => c.Excluded.Count == 0).ExpertId;
        await app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(logged.Id, Track.Mic, other)]), supervisor);

        Assert.Equal(CaseStatus.Offered, await app.StatusAsync(logged.Id));
        Assert.NotEqual(away, (await app.ReadAsync(db => db.Set<CaseTrack>().AsNoTracking().SingleAsync(t => t.CaseId == logged.Id))).ExpertId);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task On_the_return_everything_that_is_still_to_come_goes_back_and_the_rest_is_named()
    {
        var away = await app.ExpertNamedAsync("休暇 五郎");
        var substitute = await app.ExpertNamedAsync("代理 丁");
        var week = await app.HeldCaseAsync("続く社", (Track.Mic, away));
        var coming = await app.Send(Visit(week, At(12, 14, 10)));
        var closed = await app.HeldCaseAsync("終わる社", (Track.Mic, away));
        await app.Send(Visit(closed, At(12, 14, 14)));
        await app.Send(new AddAbsence(away, At(12, 14, 0), At(12, 16, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(away), supervisor);
        await app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(week, Track.Mic, substitute), new(closed, Track.Mic, substitute)]), supervisor);
        await app.Send(new RemoveAbsence(away, await AbsenceAsync(away)), supervisor);
        await app.Send(new CloseCase(closed, CaseOutcome.Withdrawn, null, CloseOpenWork: true, Reason: "取下げ"), supervisor);

        var undone = await app.Send(new UndoHandover(proposed.Id), supervisor);

        Assert.Equal(closed, Assert.Single(undone.Kept!).Case);
        Assert.Equal(away, await HolderAsync(week));
        var visit = await app.ReadAsync(db => db.Set<Visit>().AsNoTracking().Include(v => v.Experts).SingleAsync(v => v.Id == coming.Id));
        Assert.Equal([away], visit.ExpertIds);
        Assert.Equal(2, (await LettersAsync("expert-substituted", week)).Count);
        Assert.True((await app.Send(new UndoHandover(proposed.Id), supervisor)).Repeated);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task A_hand_over_needs_a_supervisor_an_absence_and_a_word_of_the_substitutes()
    {
        var present = await app.ExpertNamedAsync("在席 六郎");
        var supervisor = await app.SupervisorAsync();
        Assert.Equal("handover.no_absence", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ProposeHandover(present), supervisor))).Code);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ProposeHandover(present), await app.DeskAsync("tohoku")));
        await app.Send(new AddAbsence(present, At(12, 17, 0), At(12, 18, 0), "休暇"));
        var empty = await app.Send(new ProposeHandover(present), supervisor);
        Assert.Equal("handover.empty", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveHandover(empty.Id, "電話で了解"), supervisor))).Code);
        await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new ApproveHandover(empty.Id, " "), supervisor));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetHandover(empty.Id), await app.SupervisorAsync("kyushu")));
    }

    [Fact]
    public async Task One_person_who_came_for_both_ministries_is_replaced_for_each_and_gets_each_back()
    {
        var both = await app.ExpertNamedAsync("両省 太郎", Affiliation.Both);
        var mhlw = await app.ExpertNamedAsync("代理 労務", Affiliation.Mhlw);
        var mic = await app.ExpertNamedAsync("代理 情報");
        var id = await app.HeldCaseAsync("両省の社", (Track.Mic, both), (Track.Mhlw, both));
        await app.Send(Visit(id, At(12, 21, 10)));
        await app.Send(new AddAbsence(both, At(12, 21, 0), At(12, 22, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(both), supervisor);
        await app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(id, Track.Mic, mic), new(id, Track.Mhlw, mhlw)]), supervisor);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        Assert.Single(await LettersAsync("expert-substituted", id));

        await app.Send(new RemoveAbsence(both, await AbsenceAsync(both)), supervisor);
        Assert.Empty((await app.Send(new UndoHandover(proposed.Id), supervisor)).Kept!);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        // Both substitutes and the one who is back learn of it.
        foreach (var person in new[] { mhlw, mic, both })
        {
            var address = await AddressAsync(person);
            Assert.Contains(
                await AllLettersAsync("hand-over-list"), m => m.Recipient == address && m.EventKey.StartsWith(person == both ? "handover-undone" : "handover-released", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Only_one_ministry_handed_over_of_a_joint_visit_comes_back_too()
    {
        var both = await app.ExpertNamedAsync("両省 次郎", Affiliation.Both);
        var mic = await app.ExpertNamedAsync("代理 通信");
        var id = await app.HeldCaseAsync("片方の社", (Track.Mic, both), (Track.Mhlw, both));
        await app.Send(Visit(id, At(12, 23, 10)));
        await app.Send(new AddAbsence(both, At(12, 23, 0), At(12, 24, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(both), supervisor);
        await app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(id, Track.Mic, mic), new(id, Track.Mhlw, null)]), supervisor);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(new RemoveAbsence(both, await AbsenceAsync(both)), supervisor);

        Assert.Empty((await app.Send(new UndoHandover(proposed.Id), supervisor)).Kept!);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task Nobody_is_chosen_beyond_the_capacity_or_for_two_visits_at_once()
    {
        var away = await app.ExpertNamedAsync("休暇 六郎");
        var chosen = await app.ExpertNamedAsync("代理 己");
        var first = await app.HeldCaseAsync("同時の社一", (Track.Mic, away));
        await app.Send(Visit(first, At(12, 25, 10)));
        var second = await app.HeldCaseAsync("同時の社二", (Track.Mic, away));
        await app.Send(Visit(second, At(12, 25, 13)));
        await app.SqlAsync($"update experts set capacity = 1, version = version + 1 where id = '{chosen}'");
        await app.Send(new AddAbsence(away, At(12, 25, 0), At(12, 26, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(away), supervisor);

        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(first, Track.Mic, chosen), new(second, Track.Mic, chosen)]), supervisor));

        Assert.Equal("handover.outdated", refused.Code);
        Assert.Contains("上限", Assert.Single((IReadOnlyList<HandoverChange>)refused.Extra["changes"]!).Text, StringComparison.Ordinal);
        Assert.Equal(away, await HolderAsync(first));
    }

    [Fact]
    public async Task An_absence_that_was_taken_back_hands_nothing_over()
    {
        var well = await app.ExpertNamedAsync("快復 七郎");
        await app.ExpertNamedAsync("代理 庚");
        var id = await app.HeldCaseAsync("快復の社", (Track.Mic, well));
        await app.Send(Visit(id, At(12, 10, 10)));
        await app.Send(new AddAbsence(well, At(12, 10, 0), At(12, 11, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(well), supervisor);
        await app.Send(new RemoveAbsence(well, await AbsenceAsync(well)), supervisor);

        Assert.Equal("handover.absence_gone", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveHandover(proposed.Id, "電話で了解"), supervisor))).Code);
        Assert.Equal(well, await HolderAsync(id));
        Assert.Empty(await LettersAsync("expert-substituted", id));
    }

    private Task<ExpertAbsenceId> AbsenceAsync(ExpertId expert) => app.ReadAsync(db => db.Set<ExpertAbsence>().Where(a => a.ExpertId == expert).Select(a => a.Id).SingleAsync());

    private async Task<ExpertId?> HolderAsync(CaseId id) =>
        (await app.ReadAsync(db => db.Set<CaseTrack>().AsNoTracking().SingleAsync(t => t.CaseId == id && t.State == TrackState.Held))).ExpertId;

    private Task<string?> AddressAsync(ExpertId? id) => app.ReadAsync(db => db.Set<Expert>().Where(e => e.Id == id).Select(e => e.Email).SingleAsync());

    private Task<List<OutgoingMail>> AllLettersAsync(string template) => app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().Where(m => m.Template == template).ToListAsync());

    private Task<List<OutgoingMail>> LettersAsync(string template, CaseId id) =>
        app.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().Where(m => m.Template == template && m.Reference == Ref.To(id)).ToListAsync());
}
