using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Tests.Routing;
using Consultation.Topics;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>Absence and what stands in it, the diary, and what an expert sees (journeys J14, J25, J61).</summary>
public sealed class AbsenceTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task J25_an_absence_over_a_visit_drops_nothing_and_is_flagged_to_expert_and_desk()
    {
        var expert = await app.ExpertNamedAsync("不在 花子");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("不在と重なる社", (Track.Mic, expert));
        var visit = await app.Send(Visit(id, At(11, 26, 10)));
        var free = await app.HeldCaseAsync("不在と重ならない社", (Track.Mic, expert));
        await app.Send(Visit(free, At(11, 27, 10)));

        for (var twice = 0; twice < 2; twice++)
        {
            await app.Send(new AddAbsence(expert, At(11, 26, 9), At(11, 26, 17), "通院"), me);
        }

        var flagged = Assert.Single(await app.Send(new ListVisitsInAbsence(expert), me));
        Assert.Equal((visit.Id, VisitState.Confirmed), (flagged.Visit, flagged.State));
        var desk = await app.DeskAsync("tohoku");
        var call = Assert.Single((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == id);
        Assert.Contains("不在 花子", call.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("通院", call.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain((await app.Send(new ListCallBacks(), desk)).Items, c => c.Case == free);
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(id));
        Assert.Contains((await app.CaseAsync(id)).History, h => h.Text.Contains("重なります", StringComparison.Ordinal));
        Assert.Equal("visit.expert_absent", await app.RefusedAsync(Visit(free, At(11, 26, 13))));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J14_absent_from_now_lists_todays_visit_and_nothing_new_is_booked()
    {
        var expert = await app.ExpertNamedAsync("急病 太郎");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("急病の社", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 24, 15)));
        await app.Send(new AddAbsence(expert, app.Now, At(11, 24, 17), "体調不良"), me);
        Assert.Single(await app.Send(new ListVisitsInAbsence(expert), me));
        Assert.DoesNotContain(await app.Send(new ListSlots(id, Mode: VisitMode.Web), me), s => s.Start < At(11, 24, 17));
    }

    [Fact]
    public async Task Absences_do_not_overlap_and_one_to_come_is_taken_back_and_one_that_is_over_stays()
    {
        var expert = await app.ExpertNamedAsync("休み 次郎");
        var me = await app.ExpertAsync(expert);
        var made = await app.Send(new AddAbsence(expert, At(12, 1, 9), At(12, 2, 17), "休暇"), me);
        Assert.Equal("absence.overlaps", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new AddAbsence(expert, At(12, 2, 9), At(12, 3, 17), "出張"), me))).Code);
        var id = made.Absences.Single().Id;
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new RemoveAbsence(expert, id), await app.ExpertAsync(await app.ExpertNamedAsync("他人"))));
        Assert.Empty((await app.Send(new RemoveAbsence(expert, id), await app.SupervisorAsync())).Absences);

        var running = (await app.Send(new AddAbsence(expert, At(11, 24, 9), At(11, 24, 17), "早退"), me)).Absences.Single().Id;
        Assert.Empty((await app.Send(new RemoveAbsence(expert, running), me)).Absences);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from expert_absences where id = '{running}' and ends_at <= app_now()"));
        Assert.Equal("absence.over", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new RemoveAbsence(expert, running), me))).Code);
    }

    [Fact]
    public async Task The_diary_shows_visits_with_travel_leave_hours_and_closed_days_by_name()
    {
        var expert = await app.ExpertNamedAsync("日程 三郎");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("日程の社", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 26, 13), mode: VisitMode.Visit));
        await app.Send(new AddAbsence(expert, At(11, 27, 9), At(11, 27, 12), "研修"), me);
        var week = await app.Send(new LookAtDiary(expert, new(2026, 11, 23), 7), me);

        Assert.Equal(["国民の祝日(勤労感謝の日)", null, null, null, null, "土曜日", "日曜日"], week.Days.Select(d => d.Closed));
        var visit = Assert.Single(week.Days[3].Visits);
        Assert.Equal((At(11, 26, 12, 30), At(11, 26, 13), At(11, 26, 14), At(11, 26, 14, 30), "日程の社"), (visit.Leave, visit.Start, visit.End, visit.Back, visit.Organisation));
        Assert.Equal("研修", Assert.Single(week.Days[4].Absences).Reason);
        Assert.Single(week.Days[4].Hours);
        Assert.Empty(week.Days[5].Hours);

        Assert.NotNull(Assert.Single((await app.Send(new LookAtDiary(expert, new(2026, 11, 26), 1), await app.DeskAsync("tohoku"))).Days[0].Visits).Number);
        var foreign = Assert.Single((await app.Send(new LookAtDiary(expert, new(2026, 11, 26), 1), await app.DeskAsync("okinawa"))).Days[0].Visits);
        Assert.Equal((null, null, null), (foreign.Case, foreign.Organisation, foreign.Place));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new LookAtDiary(expert, new(2026, 11, 26), 1), await app.ExpertAsync(await app.ExpertNamedAsync("他人"))));
    }

    [Fact]
    public async Task An_expert_sees_who_asks_only_with_consent_before_and_after_accepting()
    {
        var expert = await app.ExpertNamedAsync("同意 四郎");
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("同意のない社", (Track.Mic, expert));
        await app.Send(Visit(id, At(11, 30, 10)));
        Assert.Null((await app.Send(new GetCase(id), me)).Full!.Contact.Email);
        Assert.Null(Assert.Single((await app.Send(new ListOffers(OfferState.Accepted), me)).Items).Contact);
        Assert.Null(Assert.Single((await app.Send(new ListOwnVisits(), me)).Booked).Person);

        await app.Send(new RecordConsent(id, Channel.Phone, "山田"), await app.DeskAsync("tohoku"));
        Assert.NotNull((await app.Send(new GetCase(id), me)).Full!.Contact.Email);
        Assert.NotNull(Assert.Single((await app.Send(new ListOffers(OfferState.Accepted), me)).Items).Contact);
        Assert.Equal("山田", Assert.Single((await app.Send(new ListOwnVisits(), me)).Booked).Person);
    }

    [Fact]
    public async Task J61_who_lost_the_track_still_opens_and_files_the_owed_report_and_nothing_else()
    {
        var (expert, other) = (await app.ExpertNamedAsync("元担当 五郎"), await app.ExpertNamedAsync("新担当 六郎"));
        var me = await app.ExpertAsync(expert);
        var id = await app.HeldCaseAsync("担当の変わる社", (Track.Mic, expert));
        await app.MoveClockAsync(At(11, 24, 9, 20));
        var visit = await app.Send(Visit(id, At(11, 24, 10)));
        await app.MoveClockAsync(At(11, 24, 11, 30));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace), me);
        await app.Send(new ReassignTrack(id, Track.Mic, other, "担当の変更"), await app.SupervisorAsync());

        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetCase(id), me));
        var owed = await app.Send(new GetOwedReport(visit.Id, Track.Mic), me);
        Assert.Equal((false, "担当の変わる社", 1), (owed.HoldsCase, owed.Organisation, owed.Ordinal));
        Assert.NotNull(owed.Due);
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new GetOwedReport(visit.Id, Track.Mic), await app.ExpertAsync(other)));
        await app.Send(new FileReport(visit.Id, Track.Mic, "助言した。", ReportNext.Another), me);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetOwedReport(visit.Id, Track.Mic), me));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task A_card_is_edited_by_those_who_keep_the_list_and_every_fault_is_named()
    {
        var expert = await app.HireAsync();
        var supervisor = await app.SupervisorAsync();
        var edit = new EditExpert(
            expert, "改名 七子", Affiliation.Mhlw, "北海道", "社会保険労務士", "nanako@example.jp", "011-000-0000", 3, false, ["hokkaido"], [], [VisitMode.Web], [new(TopicCatalogue.All[0].Code, 3)], [],
            new(2026, 4, 1), new(2027, 3, 31), true, []);
        var changed = await app.Send(edit, supervisor);
        Assert.Equal(("改名 七子", Affiliation.Mhlw, "北海道", 3), (changed.Name, changed.Affiliation, changed.Prefecture, changed.Capacity));
        Assert.Equal(changed.Name, (await app.Send(new GetExpert(expert), supervisor)).Name);
        Assert.Equal(0, (await app.Send(new CountOpenCases(), supervisor)).GetValueOrDefault(expert));

        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(edit with { Name = " ", Districts = [], Modes = [], Capacity = null, TermTo = new(2026, 3, 1) }, supervisor));
        Assert.Superset(new HashSet<string> { "name", "districts", "modes", "capacity", "termTo" }, refused.Errors.Select(e => e.Field).ToHashSet());
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(edit, await app.ExpertAsync(expert)));
    }
}
