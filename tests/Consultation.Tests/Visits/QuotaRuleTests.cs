using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Visits;

/// <summary>What counts as a consultation, by the rules of the programme year and by the word of whoever may say so (domain.md §6).</summary>
public sealed class QuotaRuleTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task RulesAsync(bool lateCancel, bool noShow, int days = 1)
    {
        var row = (await app.Send(new ListProgrammeYears())).Single(y => y.IsCurrent);
        var s = row.Settings;
        await app.Send(
            new ChangeProgrammeYear(
                row.Id, s.QuotaLimit, s.OpensOn, s.ClosesOn, s.LastVisitOn, s.ContractEndsOn, s.VisitOpens, s.VisitCloses, s.FirstResponseHours, s.AssignmentDays, s.AcceptanceDays,
                s.FirstVisitDays, s.ReportDays, s.FollowUpMonths, s.FollowUpDailyLimit, s.JointCountsTwice, s.WaitingWeight, s.RuralWeight, LateCancelCounts: lateCancel,
                LateCancelDays: days, NoShowCounts: noShow),
            await app.OfAsync(Role.Administrator));
    }

    private async Task<string> LedgerAsync(VisitId id) =>
        (string)(await app.SqlAsync($"select string_agg(kind || ' ' || reason, ' | ' order by at, kind) from quota_ledger where visit_id = '{id}'"))!;

    // A visit on Thursday 2026-11-26; the desk closes at 17:00, Monday 23rd is 勤労感謝の日.
    [Theory]
    [InlineData(false, 1, 26, 8, CancelledBy.Client, "0,0", "release 中止（相談者都合・取消しは回数に数えない取扱い）")]
    [InlineData(true, 1, 25, 16, CancelledBy.Client, "0,0", "release 中止（相談者都合・前営業日の受付終了（11月25日(水) 17:00）までの取消しは回数に数えない取扱い）")]
    [InlineData(true, 1, 25, 18, CancelledBy.Client, "0,1", "consume 中止（相談者都合・前営業日の受付終了（11月25日(水) 17:00）より後の取消しは回数に数える取扱い）")]
    [InlineData(true, 2, 25, 9, CancelledBy.Client, "0,1", "consume 中止（相談者都合・2営業日前の受付終了（11月24日(火) 17:00）より後の取消しは回数に数える取扱い）")]
    [InlineData(true, 3, 24, 10, CancelledBy.Client, "0,1", "consume 中止（相談者都合・3営業日前の受付終了（11月20日(金) 17:00）より後の取消しは回数に数える取扱い）")]
    [InlineData(true, 1, 26, 8, CancelledBy.Expert, "0,0", "release 中止（専門家都合・回数に数えない）")]
    [InlineData(true, 1, 26, 8, CancelledBy.Desk, "0,0", "release 中止（窓口都合・回数に数えない）")]
    [InlineData(true, 1, 26, 8, CancelledBy.Disaster, "0,0", "release 中止（災害・回数に数えない）")]
    public async Task J21_a_cancellation_counts_by_the_rule_of_the_programme_year_and_the_ledger_names_it(bool lateCounts, int days, int day, int hour, CancelledBy by, string quota, string line)
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync($"株式会社取消規則{lateCounts}{days}{day}{hour}{by}", (Track.Mic, await app.ExpertNamedAsync("規則 係")));
        var booked = await app.Send(Visit(id, At(11, 26, 10)));
        await RulesAsync(lateCounts, noShow: false, days);
        await app.MoveClockAsync(At(11, day, hour));
        var foreseen = await app.Send(new ForeseeQuota(booked.Id));
        var cancelled = await app.Send(new CancelVisit(booked.Id, by, "急用"));

        Assert.Equal((quota, $"hold 仮押さえ・予約 | {line}"), (await app.QuotaAsync(id), await LedgerAsync(booked.Id)));
        Assert.Equal(quota == "0,1", cancelled.QuotaCounted);
        if (by == CancelledBy.Client)
        {
            Assert.Equal(cancelled.QuotaCounted, foreseen.IfClientCancels.Counts);
        }

        // Its expert is free again whether it counts or not.
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from expert_diary where visit = '{booked.Id}' and state in ('held', 'confirmed', 'completed')"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await RulesAsync(false, false);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task J21_a_hold_that_is_given_up_late_never_counts()
    {
        await app.MoveClockAsync(TestApp.Start);
        await RulesAsync(lateCancel: true, noShow: true);
        var id = await app.HeldCaseAsync("株式会社仮の取消", (Track.Mic, await app.ExpertNamedAsync("仮 係")));
        var held = await app.Send(Visit(id, At(11, 24, 14), hold: true));
        Assert.False((await app.Send(new CancelVisit(held.Id, CancelledBy.Client, "急用"))).QuotaCounted);
        Assert.Equal(("0,0", "hold 仮押さえ・予約 | release 仮押さえの取消し（相談者都合・回数に数えない）"), (await app.QuotaAsync(id), await LedgerAsync(held.Id)));
        await RulesAsync(false, false);
    }

    [Theory]
    [InlineData(false, "0,0", "release 先方不在（回数に数えない取扱い）")]
    [InlineData(true, "0,1", "consume 先方不在（回数に数える取扱い）")]
    public async Task J21_a_no_show_counts_by_the_rule_of_the_programme_year(bool counts, string quota, string line)
    {
        await app.MoveClockAsync(TestApp.Start);
        await RulesAsync(lateCancel: false, noShow: counts);
        var id = await app.HeldCaseAsync($"株式会社不在{counts}", (Track.Mic, await app.ExpertNamedAsync("不在 係")));
        var booked = await app.Send(Visit(id, At(11, 25, 10)));
        await app.MoveClockAsync(At(11, 25, 11));
        Assert.Equal(counts, (await app.Send(new ForeseeQuota(booked.Id))).IfNobodyIsThere.Counts);
        var gone = await app.Send(new CompleteVisit(booked.Id, VisitOutcome.NoShow, Source: "専門家から電話"));
        Assert.Equal((counts, quota, $"hold 仮押さえ・予約 | {line}"), (gone.QuotaCounted, await app.QuotaAsync(id), await LedgerAsync(booked.Id)));
        Assert.Equal(CaseStatus.Assigned, await app.StatusAsync(id));
        Assert.Equal(counts ? 1 : 0, (await app.Send(new ReportMonth(new(2026, 11, 1)))).Visits.KeptByRule - (int)await KeptAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await RulesAsync(false, false);
        await app.MoveClockAsync(TestApp.Start);
    }

    private async Task<long> KeptAsync(CaseId but) => (long)(await app.SqlAsync($"select count(*) from visits where quota_kept and case_id <> '{but}'"))!;

    [Fact]
    public async Task A_consultation_that_is_not_counted_needs_a_reason_and_takes_no_unit_wherever_it_is_moved()
    {
        await app.MoveClockAsync(TestApp.Start);
        var expert = await app.ExpertNamedAsync("短い 電話");
        var id = await app.HeldCaseAsync("株式会社電話確認", (Track.Mic, expert));
        var call = Visit(id, At(11, 26, 10), 30, VisitMode.Phone) with { ConsumesQuota = false, QuotaReason = "電話での短い確認" };
        var desk = await app.DeskAsync("tohoku");
        Assert.Equal("field.required", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(call with { QuotaReason = " " }, desk))).Errors[0].Code);
        Assert.Equal("quota.exempt_forbidden", (await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(call, await app.ExpertAsync(expert)))).Code);

        var booked = await app.Send(call, desk);
        Assert.Equal((false, "電話での短い確認", false), (booked.ConsumesQuota, booked.QuotaReason, booked.QuotaCounted));
        Assert.Equal("0,0", await app.QuotaAsync(id));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'visit.not_counted' and subject_id = '{booked.Id}'"));

        await app.Send(new OpenNextYear(), await app.OfAsync(Role.Administrator));
        await app.Send(new RescheduleVisit(booked.Id, At(4, 5, 10, year: 2027), At(4, 5, 10, 30, year: 2027), "来年度に"));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 26, 11), At(11, 26, 11, 30), "やはり今年度"));
        await app.MoveClockAsync(At(11, 26, 12));
        var held = await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        Assert.Equal((false, "0,0", CaseStatus.ReportDue), (held.QuotaCounted, await app.QuotaAsync(id), await app.StatusAsync(id)));
        Assert.Equal(0L, await app.SqlAsync($"select count(*) from quota_ledger where visit_id = '{booked.Id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task J20_a_fourth_consultation_needs_a_supervisor_with_a_reason_and_stands_in_ledger_audit_and_report()
    {
        await app.MoveClockAsync(TestApp.Start);
        var id = await app.HeldCaseAsync("株式会社四回目", (Track.Mic, await app.ExpertNamedAsync("四回 係")));
        foreach (var day in new[] { 26, 27, 30 })
        {
            await app.Send(Visit(id, At(11, day, 10)));
        }

        var (desk, supervisor) = (await app.DeskAsync("tohoku"), await app.SupervisorAsync());
        var fourth = Visit(id, At(11, 30, 14));
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(fourth, supervisor));
        Assert.Equal("quota.exhausted", refused.Code);
        Assert.Equal([new(2026, 11, 26), new(2026, 11, 27), new DateOnly(2026, 11, 30)], Assert.IsType<List<LedgerDay>>(refused.Extra["ledger"]).Select(d => d.On!.Value));

        var beyond = fourth with { BeyondQuota = true, QuotaReason = "災害からの復旧で追加の支援が必要" };
        Assert.Equal("quota.beyond_forbidden", (await Assert.ThrowsAsync<Forbidden>(() => app.Send(beyond, desk))).Code);
        Assert.Equal("quotaReason", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(beyond with { QuotaReason = null }, supervisor))).Errors[0].Field);
        var booked = await app.Send(beyond, supervisor);

        Assert.Equal(("4,0", 0), (await app.QuotaAsync(id), booked.QuotaLeft));
        Assert.Equal("adjust 業務責任者の承認で上限を超えて予約: 災害からの復旧で追加の支援が必要 | hold 仮押さえ・予約", await LedgerAsync(booked.Id));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'visit.beyond_quota' and subject_id = '{booked.Id}'"));
        Assert.Equal(1, (await app.Send(new ReportMonth(new(2026, 11, 1)))).Visits.BeyondQuota);
        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(id, At(12, 1, 10)), supervisor));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        // What was granted was granted for that visit.
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Expert, "急病"));
        Assert.Equal("3,0", await app.QuotaAsync(id));
        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(id, At(12, 1, 10)), supervisor));
        Assert.Equal(0, (await app.Send(new ReportMonth(new(2026, 11, 1)))).Visits.BeyondQuota);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J20_a_granted_visit_that_moves_to_a_year_with_room_gives_the_grant_back()
    {
        await app.MoveClockAsync(TestApp.Start);
        if ((await app.Send(new ListProgrammeYears())).All(y => y.Year.Year != 2027))
        {
            await app.Send(new OpenNextYear(), await app.OfAsync(Role.Administrator));
        }

        var id = await app.HeldCaseAsync("株式会社年度越え", (Track.Mic, await app.ExpertNamedAsync("越年 係")));
        foreach (var day in new[] { 26, 27, 30 })
        {
            await app.Send(Visit(id, At(11, day, 10)));
        }

        var booked = await app.Send(Visit(id, At(3, 30, 10, year: 2027)) with { BeyondQuota = true, QuotaReason = "年度内に必要" }, await app.SupervisorAsync());
        await app.Send(new RescheduleVisit(booked.Id, At(4, 6, 10, year: 2027), At(4, 6, 11, year: 2027), "新年度に"));
        Assert.Equal(("3,0", "1,0", 0), (await app.QuotaAsync(id), await app.QuotaAsync(id, 2027), await app.SqlAsync($"select quota_extra from visits where id = '{booked.Id}'")));
        Assert.Equal(0L, await app.SqlAsync("select coalesce(sum(extra), 0) from quota_accounts where fiscal_year = 2027"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J20_supervisors_who_grant_at_the_same_moment_grant_a_unit_each_and_nobody_else_gets_one()
    {
        await app.MoveClockAsync(TestApp.Start);
        var cases = new List<CaseId>();
        for (var i = 0; i < 12; i++)
        {
            cases.Add(await app.HeldCaseAsync("株式会社同時承認", (Track.Mic, await app.ExpertNamedAsync($"同時 {i}"))));
        }

        foreach (var day in new[] { 26, 27 })
        {
            await app.Send(Visit(cases[0], At(11, day, 10)));
        }

        // One unit is left; eight book as usual, four are granted what is lacking at their turn.
        var supervisor = await app.SupervisorAsync();
        var answers = await Task.WhenAll(cases.Select(async (id, i) =>
        {
            var booking = Visit(id, At(12, 1, 10));
            try
            {
                return (await app.Send(i % 3 == 0 ? booking with { BeyondQuota = true, QuotaReason = "追加の支援" } : booking, supervisor)).QuotaReason is null ? "counted" : "granted";
            }
            catch (RuleViolation refused)
            {
                return refused.Code;
            }
        }));
        // Whoever comes first has the last unit, a supervisor's booking too; then nothing had to be granted.
        Assert.Equal(1, answers.Count(a => a == "counted"));
        var granted = answers.Count(a => a == "granted");
        Assert.InRange(granted, 3, 4);
        Assert.Equal(11 - granted, answers.Count(a => a == "quota.exhausted"));
        Assert.Equal($"{3 + granted},0", await app.QuotaAsync(cases[0]));
        Assert.Equal(granted, await app.SqlAsync($"select extra from quota_accounts q join cases c on c.organisation_id = q.organisation_id where c.id = '{cases[0]}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J20_of_two_people_who_book_the_third_session_at_once_exactly_one_succeeds_on_real_connections()
    {
        await app.MoveClockAsync(TestApp.Start);
        for (var round = 0; round < 8; round++)
        {
            var cases = new[]
            {
                await app.HeldCaseAsync($"株式会社三回目{round}", (Track.Mic, await app.ExpertNamedAsync($"三回 甲{round}"))),
                await app.HeldCaseAsync($"(株)三回目{round}", (Track.Mhlw, await app.ExpertNamedAsync($"三回 乙{round}", Affiliation.Mhlw))),
            };
            await app.Send(Visit(cases[0], At(11, 26, 10)));
            await app.Send(Visit(cases[1], At(11, 27, 10)));
            var answers = await Task.WhenAll(cases.Select(async id =>
            {
                try
                {
                    await app.Send(Visit(id, At(12, 2, 10)));
                    return "ok";
                }
                catch (RuleViolation refused)
                {
                    return refused.Code;
                }
            }));
            Assert.Equal(["ok", "quota.exhausted"], answers.Order());
            Assert.Equal("3,0", await app.QuotaAsync(cases[0]));
        }
    }
}
