using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

public sealed class ReportTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task<(CaseId Case, ChangedVisit Visit, ExpertId Expert)> TookPlaceAsync(string organisation)
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync($"報告 {organisation}");
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, expert));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        await app.MoveClockAsync(At(11, 26, 12));
        return (id, await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, 70, "電話で確認")), expert);
    }

    [Fact]
    public async Task J61_a_late_report_does_not_keep_the_client_from_the_next_visit()
    {
        var (id, visit, expert) = await TookPlaceAsync("株式会社遅延");
        Assert.Equal(("0,1", CaseStatus.ReportDue), (await app.QuotaAsync(id), await app.StatusAsync(id)));
        await app.MoveClockAsync(At(12, 8, 9, 30));
        var second = await app.Send(Visit(id, At(12, 10, 10)));
        Assert.Equal((2, CaseStatus.Booked), (second.Ordinal, second.CaseStatus));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from deadlines where case_id = '{id}' and kind = 'report' and state = 'open'"));

        var noSource = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new FileReport(visit.Id, Track.Mic, "VPNの装置を勧めた", ReportNext.Another)));
        Assert.Equal("report.source_needed", noSource.Errors[0].Code);
        var dictated = await app.Send(new FileReport(visit.Id, Track.Mic, "VPNの装置を勧めた", ReportNext.Another, Source: "電話で口述"));
        Assert.False(dictated.Confirmed);
        var confirmed = await app.Send(new FileReport(visit.Id, Track.Mic, "VPNの装置を勧めた", ReportNext.Another), await app.ExpertAsync(expert));
        Assert.Equal((true, "電話で口述", 0L), (confirmed.Confirmed, confirmed.Source, await app.SqlAsync($"select count(*) from deadlines where case_id = '{id}' and kind = 'report' and state = 'open'")));
        Assert.Contains((await app.Send(new ListCases("VPNの装置"))).Items, r => r.Id == id);
    }

    [Fact]
    public async Task An_expert_who_lost_the_track_still_hands_in_what_is_owed_and_nothing_more()
    {
        var (id, visit, expert) = await TookPlaceAsync("株式会社交代");
        var me = await app.ExpertAsync(expert);
        await app.Send(new ReassignTrack(id, Track.Mic, await app.ExpertNamedAsync("交代 後任"), "長期不在"));
        Assert.Equal(visit.Id, Assert.Single((await app.Send(new ListOwnVisits(), me)).Owed).Visit);
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'visits.own_listed' and subject_id = '{expert}'"));
        Assert.Equal(ReportState.Submitted, (await app.Send(new FileReport(visit.Id, Track.Mic, "助言した", ReportNext.Another), me)).State);
        Assert.Empty((await app.Send(new ListOwnVisits(), me)).Owed);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new FileReport(visit.Id, Track.Mic, "もう一度", ReportNext.Done), me));
    }

    [Fact]
    public async Task A_dictated_report_may_be_confirmed_after_it_was_approved()
    {
        var (_, visit, expert) = await TookPlaceAsync("株式会社口述");
        await app.Send(new FileReport(visit.Id, Track.Mic, "口述の報告", ReportNext.Another, Source: "電話で口述"));
        await app.Send(new ApproveReport(visit.Id, Track.Mic), await app.SupervisorAsync());
        var confirmed = await app.Send(new FileReport(visit.Id, Track.Mic, "口述の報告", ReportNext.Another), await app.ExpertAsync(expert));
        Assert.Equal((true, ReportState.Approved), (confirmed.Confirmed, confirmed.State));
    }

    [Fact]
    public async Task A_supervisor_closes_a_report_as_not_filed_and_nobody_files_it_afterwards()
    {
        var (id, visit, expert) = await TookPlaceAsync("株式会社未提出");
        await app.Send(new KeepReportDraft(visit.Id, Track.Mic, new("書きかけ", null, [], null, new Dictionary<string, string>())), await app.ExpertAsync(expert));
        Assert.Equal(ReportState.NotFiled, (await app.Send(new GiveUpReport(visit.Id, Track.Mic, "督促しても提出なし"))).State);
        Assert.Equal(CaseStatus.Assigned, await app.StatusAsync(id));
        Assert.Equal("report.already_filed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new FileReport(visit.Id, Track.Mic, "遅れて", ReportNext.Done, Source: "電話")))).Code);
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from report_drafts where visit_id = '{visit.Id}'"));
    }

    [Fact]
    public async Task A_returned_report_is_owed_again_and_an_approved_one_stands()
    {
        var (id, visit, expert) = await TookPlaceAsync("株式会社差戻");
        var (me, supervisor) = (await app.ExpertAsync(expert), await app.SupervisorAsync());
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ApproveReport(visit.Id, Track.Mic), me));
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new ApproveReport(visit.Id, Track.Mic), supervisor));

        await app.Send(new FileReport(visit.Id, Track.Mic, "短い", ReportNext.Done), me);
        Assert.Equal(CaseStatus.FollowingUp, await app.StatusAsync(id));
        await app.Send(new ReturnReport(visit.Id, Track.Mic, "助言の内容を足してください"), supervisor);
        Assert.Equal(CaseStatus.ReportDue, await app.StatusAsync(id));
        Assert.Equal("report.not_submitted", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveReport(visit.Id, Track.Mic), supervisor))).Code);

        await app.Send(new FileReport(visit.Id, Track.Mic, "就業規則とVPNについて助言", ReportNext.Another), me);
        Assert.Equal(CaseStatus.Assigned, await app.StatusAsync(id));
        Assert.Equal(ReportState.Approved, (await app.Send(new ApproveReport(visit.Id, Track.Mic), supervisor)).State);
        Assert.Equal("report.already_filed", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new FileReport(visit.Id, Track.Mic, "別の報告", ReportNext.Done), me))).Code);

        // An edit writes the search row anew; the report is still found.
        await app.Send(new EditCase(id, Contact: new("佐藤")));
        Assert.Contains((await app.Send(new ListCases("就業規則とVPN"))).Items, r => r.Id == id);
    }

    [Fact]
    public async Task An_outcome_is_recorded_once_after_the_start_and_with_a_source()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("結果 係");
        var id = await app.HeldCaseAsync("株式会社結果", (Track.Mic, expert));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        Assert.Equal("visit.not_yet", await CompleteRefusedAsync(booked.Id, VisitOutcome.TookPlace));
        Assert.Equal("visit.source_needed", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace)))).Errors[0].Code);
        await app.MoveClockAsync(At(11, 26, 10, 20));

        var missed = await app.Send(new CompleteVisit(booked.Id, VisitOutcome.NoShow), await app.ExpertAsync(expert));
        Assert.Equal((VisitState.NoShow, "0,0", CaseStatus.Assigned), (missed.State, await app.QuotaAsync(id), await app.StatusAsync(id)));
        Assert.Equal(missed.Version, (await app.Send(new CompleteVisit(booked.Id, VisitOutcome.NoShow, Source: "再送"))).Version);
        Assert.Equal("visit.outcome_recorded", await CompleteRefusedAsync(booked.Id, VisitOutcome.TookPlace));
        Assert.Equal("report.visit_not_recorded", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new FileReport(booked.Id, Track.Mic, "報告", ReportNext.Done, Source: "電話")))).Code);
    }

    [Fact]
    public async Task J37_open_visits_and_owed_reports_stand_against_closing_or_end_with_it()
    {
        var (id, visit, _) = await TookPlaceAsync("株式会社完了");
        var next = await app.Send(Visit(id, At(12, 1, 10)));
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new CloseCase(id, CaseOutcome.Withdrawn)));
        var codes = Assert.IsType<List<Objection>>(refused.Extra["objections"]).Select(o => o.Code).Distinct().Order();
        Assert.Equal(["follow_up.open", "report.owed", "visit.open"], codes);

        await app.Send(new CloseCase(id, CaseOutcome.Withdrawn, CloseOpenWork: true));
        Assert.Equal("cancelled", await app.SqlAsync($"select state from visits where id = '{next.Id}'"));
        Assert.Equal("not_filed", await app.SqlAsync($"select state from session_reports where visit_id = '{visit.Id}'"));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from follow_ups where case_id = '{id}' and state in ('planned', 'suspended', 'due')"));
        Assert.Equal(("0,1", 0L), (await app.QuotaAsync(id), await app.SqlAsync($"select count(*) from deadlines where case_id = '{id}' and state = 'open' and kind <> 'call_back'")));

        await app.Send(new ReopenCase(id, "また相談したいとのこと"));
        Assert.Equal(3L, await app.SqlAsync($"select count(*) from follow_ups where case_id = '{id}' and state in ('planned', 'hand_over')"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    private async Task<string> CompleteRefusedAsync(VisitId id, VisitOutcome outcome) =>
        (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new CompleteVisit(id, outcome, Source: "電話で確認")))).Code;

    [Fact]
    public async Task A_former_holders_report_states_facts_and_leaves_the_new_holders_track_alone()
    {
        var (id, visit, former) = await TookPlaceAsync("株式会社前任");
        var me = await app.ExpertAsync(former);
        var offer = await app.Send(new ReassignTrack(id, Track.Mic, await app.ExpertNamedAsync("前任 後任"), "長期不在"));
        await app.Send(new AcceptOffer(offer.Id, "電話で受諾"));
        var before = (await TrackAsync(id), await app.StatusAsync(id));
        await app.Send(new FileReport(visit.Id, Track.Mic, "助言して終わった", ReportNext.Done), me);
        Assert.Equal((before.Item1, CaseStatus.Assigned), (await TrackAsync(id), await app.StatusAsync(id)));
        Assert.StartsWith("held first_visit ", (string)before.Item1!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_another_visit_is_wanted_its_date_has_a_clock_until_it_is_booked()
    {
        var (id, visit, _) = await TookPlaceAsync("株式会社次回");
        Assert.Null(await NextVisitAsync(id));
        await app.Send(new FileReport(visit.Id, Track.Mic, "次もある", ReportNext.Another, Source: "口述"));
        Assert.StartsWith("open 次の相談の日程調整: 11月26日(木)", await NextVisitAsync(id), StringComparison.Ordinal);
        await app.Send(new HoldCase(id, "返事待ち"));
        Assert.StartsWith("paused ", await NextVisitAsync(id), StringComparison.Ordinal);
        await app.Send(new ResumeCase(id));
        var booked = await app.Send(Visit(id, At(12, 1, 10)));
        Assert.Null(await NextVisitAsync(id));

        await app.MoveClockAsync(At(12, 1, 12));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new GiveUpReport(booked.Id, Track.Mic, "提出なし"));
        Assert.StartsWith("open 次の相談の日程調整: ", await NextVisitAsync(id), StringComparison.Ordinal);
        Assert.Equal((CaseStatus.Assigned, 0), (await app.StatusAsync(id), (await app.Send(new RunCheck())).Broken.Count));
    }

    [Fact]
    public async Task Two_owed_reports_of_one_track_are_due_on_their_own_days()
    {
        var (id, _, expert) = await TookPlaceAsync("株式会社二通");
        var second = await app.Send(Visit(id, At(11, 30, 10)));
        await app.MoveClockAsync(At(11, 30, 12));
        await app.Send(new CompleteVisit(second.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        var owed = (await app.Send(new ListOwnVisits(), await app.ExpertAsync(expert))).Owed;
        Assert.Equal([At(12, 3, 17), At(12, 7, 17)], owed.Select(o => o.Due!.Value.ToOffset(TimeSpan.FromHours(9))));
    }

    [Fact]
    public async Task A_dictated_report_waits_for_the_experts_word_also_after_the_track_was_lost()
    {
        var (id, visit, expert) = await TookPlaceAsync("株式会社聞取");
        var me = await app.ExpertAsync(expert);
        await app.Send(new FileReport(visit.Id, Track.Mic, "聞き取った報告", ReportNext.Another, Source: "電話で口述"), await app.DeskAsync("tohoku"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from outgoing_mail where template = 'report-dictated' and reference = '{id}' and position('聞き取った報告' in body) = 0"));
        Assert.Equal(visit.Id, Assert.Single((await app.Send(new ListOwnVisits(), me)).ToConfirm).Visit);
        Assert.Equal(("聞き取った報告", "電話で口述"), await app.Send(new GetOwedReport(visit.Id, Track.Mic), me) is { Dictated: { } told } written ? (written.Text, told.Source) : default);

        await app.Send(new ReassignTrack(id, Track.Mic, await app.ExpertNamedAsync("聞取 後任"), "長期不在"));
        await app.Send(new ApproveReport(visit.Id, Track.Mic), await app.SupervisorAsync());
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetOwedReport(visit.Id, Track.Mic), me));
        Assert.False((await app.Send(new GetOwedReport(visit.Id, Track.Mic, ToConfirm: true), me)).Dictated!.MayBeRewritten);
        Assert.True((await app.Send(new ConfirmReport(visit.Id, Track.Mic), me)).Confirmed);
        Assert.Empty((await app.Send(new ListOwnVisits(), me)).ToConfirm);
        await Assert.ThrowsAsync<NotFound>(() => app.Send(new GetOwedReport(visit.Id, Track.Mic, ToConfirm: true), me));
    }

    [Fact]
    public async Task Everybody_who_works_on_the_case_reads_its_reports_and_each_view_is_recorded()
    {
        await app.MoveClockAsync(TestApp.Start);
        var (mic, mhlw) = (await app.ExpertNamedAsync("閲覧 一"), await app.ExpertNamedAsync("閲覧 二", Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社閲覧", (Track.Mic, mic), (Track.Mhlw, mhlw));
        var visit = await app.Send(Visit(id, At(11, 26, 15), tracks: [Track.Mic]));
        await app.MoveClockAsync(At(11, 26, 17));
        await app.Send(new CompleteVisit(visit.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(visit.Id, Track.Mic, "回線を替えるよう助言", ReportNext.Done), await app.ExpertAsync(mic));
        foreach (var reader in new[] { await app.DeskAsync("tohoku"), await app.SupervisorAsync(), await app.ExpertAsync(mic), await app.ExpertAsync(mhlw) })
        {
            Assert.Equal("回線を替えるよう助言", Assert.Single(await app.Send(new ReadReports(id, visit.Id), reader)).Text);
        }

        Assert.Equal(4L, await app.SqlAsync($"select count(*) from audit_entry where action = 'reports.viewed' and subject_id = '{visit.Id}'"));
        await Assert.ThrowsAsync<NotFound>(async () => await app.Send(new ReadReports(id, visit.Id), await app.DeskAsync("kyushu")));
    }

    /// <summary>State of the track, then its running clocks.</summary>
    private Task<object?> TrackAsync(CaseId id) => app.SqlAsync(
        $"select t.state || ' ' || string_agg(d.kind || ' ' || d.due_at, ',') from case_tracks t join deadlines d on d.case_id = t.case_id and d.track = t.track and d.state = 'open' and d.kind <> 'report' where t.case_id = '{id}' group by t.state");

    private async Task<string?> NextVisitAsync(CaseId id) =>
        (string?)await app.SqlAsync($"select state || ' ' || why from deadlines where case_id = '{id}' and kind = 'first_visit' and state in ('open', 'paused')");
}
