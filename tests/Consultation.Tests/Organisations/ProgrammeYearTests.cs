using Consultation.Check;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Organisations;

public sealed class ProgrammeYearTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task<ProgrammeYearRow> CurrentAsync() => (await app.Send(new ListProgrammeYears())).Single(y => y.IsCurrent);

    private static ChangeProgrammeYear Of(ProgrammeYearRow row) => new(
        row.Id, row.Settings.QuotaLimit, row.Settings.OpensOn, row.Settings.ClosesOn, row.Settings.LastVisitOn, row.Settings.ContractEndsOn, row.Settings.VisitOpens, row.Settings.VisitCloses,
        row.Settings.FirstResponseHours, row.Settings.AssignmentDays, row.Settings.AcceptanceDays, row.Settings.FirstVisitDays, row.Settings.ReportDays, row.Settings.FollowUpMonths,
        row.Settings.FollowUpDailyLimit, row.Settings.JointCountsTwice, row.Settings.WaitingWeight, row.Settings.RuralWeight);

    [Fact]
    public async Task An_account_that_is_opened_while_the_limit_changes_gets_the_new_one()
    {
        var id = await app.HeldCaseAsync("株式会社同時", (Track.Mic, await app.ExpertNamedAsync("同時 太郎")));
        await using var change = await Blocker.OpenAsync(app, "update programme_years set quota_limit = 5 where fiscal_year = 2026");
        var booking = app.Send(Visit(id, At(12, 3, 10)));
        await change.LetGoOnceWaitedForAsync();
        await booking;
        Assert.Equal(5, await app.SqlAsync($"select \"limit\" from quota_accounts a join cases c on c.organisation_id = a.organisation_id where c.id = '{id}'"));
        await app.SqlAsync("update programme_years set quota_limit = 3 where fiscal_year = 2026");
    }

    [Fact]
    public async Task The_ledger_tells_every_day_that_a_consultation_was_held_for()
    {
        var id = await app.HeldCaseAsync("株式会社台帳", (Track.Mic, await app.ExpertNamedAsync("台帳 太郎")));
        var booked = await app.Send(Visit(id, At(11, 25, 10)));
        await app.Send(new RescheduleVisit(booked.Id, At(11, 25, 14), At(11, 25, 15), "同じ日"));
        await app.Send(new RescheduleVisit(booked.Id, At(12, 3, 10), At(12, 3, 11), "先方の都合"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(new CancelVisit(booked.Id, CancelledBy.Client, "急用"));
        Assert.Equal("hold 2026-11-25, move 2026-12-03, release 2026-12-03", await app.SqlAsync($"select string_agg(kind || ' ' || visit_on, ', ' order by at) from quota_ledger where visit_id = '{booked.Id}'"));
        Assert.Equal("0,0", await app.QuotaAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task New_clocks_hold_for_what_begins_and_open_deadlines_keep_their_dates()
    {
        var before = await app.Send(new LogInquiry(Channel.Email, "就業規則の相談", Desk: "tohoku"));
        var row = await CurrentAsync();
        await app.Send(Of(row) with { FirstResponseHours = 2 }, await app.OfAsync(Role.Administrator));
        var after = await app.Send(new LogInquiry(Channel.Email, "就業規則の相談", Desk: "tohoku"));
        Assert.InRange(before.Due!.Value - after.Due!.Value, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(120));
        Assert.Equal(before.Due.Value.UtcDateTime, await app.SqlAsync($"select due_at from deadlines where case_id = '{before.Id}' and kind = 'first_response'"));
        await app.Send(Of(await CurrentAsync()) with { FirstResponseHours = 4 });
    }

    [Fact]
    public async Task The_next_year_begins_like_this_one_a_year_later_and_two_ahead_are_enough()
    {
        var administrator = await app.OfAsync(Role.Administrator);
        var opened = await app.Send(new OpenNextYear(), administrator);
        Assert.Equal(2027, opened.FiscalYear);
        var next = (await app.Send(new ListProgrammeYears())).Single(y => y.Id == opened.Id);
        Assert.Equal((new DateOnly(2027, 4, 1), new DateOnly(2028, 3, 31)), (next.Settings.OpensOn, next.Settings.ContractEndsOn));
        await app.Send(new OpenNextYear(), administrator);
        Assert.Equal("programme.far_ahead", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new OpenNextYear(), administrator))).Code);
        await app.SqlAsync("delete from programme_years where fiscal_year > 2026");
    }

    [Fact]
    public async Task Impossible_settings_are_refused_all_at_once_and_an_older_version_too()
    {
        var administrator = await app.OfAsync(Role.Administrator);
        var row = await CurrentAsync();
        var refused = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(
            Of(row) with { QuotaLimit = -1, ClosesOn = new(2026, 3, 31), ContractEndsOn = new(2026, 12, 1), VisitCloses = new(8, 0), FollowUpMonths = [], ReportDays = null }, administrator));
        Assert.Equal(
            ["closesOn programme.closes_before_opening", "contractEndsOn programme.contract_too_short", "followUpMonths field.required", "quotaLimit field.out_of_range", "reportDays field.required", "visitCloses programme.hours_reversed"],
            refused.Errors.Select(e => $"{e.Field} {e.Code}").Order(StringComparer.Ordinal));
        var outside = await Assert.ThrowsAsync<InvalidInput>(() => app.Send(Of(row) with { LastVisitOn = new(2027, 4, 1), ContractEndsOn = new(2029, 1, 1) }, administrator));
        Assert.Equal(["programme.outside_year", "programme.contract_too_long"], outside.Errors.Select(e => e.Code));

        await app.Send(Of(row) with { ReportDays = 8 }, administrator, version: row.Version);
        Assert.Equal("version.stale", (await Assert.ThrowsAsync<Conflict>(() => app.Send(Of(row) with { ReportDays = 9 }, administrator, version: row.Version))).Code);
        await app.Send(Of(row) with { ReportDays = 7 }, administrator);
    }
}
