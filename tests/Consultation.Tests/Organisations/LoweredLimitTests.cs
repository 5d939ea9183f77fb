using Consultation.Check;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Organisations;

/// <summary>A year of its own: every account of it is counted by hand.</summary>
public sealed class LoweredLimitTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Lowering_the_limit_takes_nothing_away_that_was_booked_and_every_change_is_in_the_ledger()
    {
        var administrator = await app.OfAsync(Role.Administrator);
        var expert = await app.ExpertNamedAsync("回数 太郎");
        var full = await app.HeldCaseAsync("株式会社二回分", (Track.Mic, expert));
        await app.Send(Visit(full, At(11, 26, 10)));
        await app.Send(Visit(full, At(11, 27, 10)));
        var light = await app.HeldCaseAsync("株式会社一回分", (Track.Mic, expert));
        await app.Send(Visit(light, At(11, 26, 14)));

        var row = await CurrentAsync();
        Assert.Equal([new(1, 1), new TakenUnits(2, 1)], row.Taken);
        foreach (var confirmed in new[] { null, new LoweredLimit(1, 0), new LoweredLimit(2, 1) })
        {
            var shown = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Of(row) with { QuotaLimit = 1, Confirmed = confirmed }, administrator));
            Assert.Equal(("programme.lowers_limit", new LoweredLimit(1, 1)), (shown.Code, shown.Extra["lowered"]));
        }

        Assert.Equal("programme.lowers_to_zero", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(Of(row) with { QuotaLimit = 0 }, administrator))).Code);
        var lowered = await app.Send(Of(row) with { QuotaLimit = 1, Confirmed = new(1, 1) }, administrator, version: row.Version);
        Assert.Equal((2, 1), (lowered.Accounts, lowered.Above));
        Assert.Equal("1,2", await app.SqlAsync("select string_agg(\"limit\"::text, ',' order by \"limit\") from quota_accounts where fiscal_year = 2026"));
        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(full, At(11, 30, 10))));
        Assert.Equal("quota.exhausted", await app.RefusedAsync(Visit(light, At(11, 30, 10))));

        await app.Send(Of(await CurrentAsync()) with { QuotaLimit = 4 }, administrator);
        await app.Send(Visit(full, At(11, 30, 10)));
        Assert.Equal("-2,-1,2,3", await app.SqlAsync("select string_agg(units::text, ',' order by units) from quota_ledger where kind = 'adjust'"));
        Assert.Equal(1L, await app.SqlAsync($"select count(*) from audit_entry where action = 'programme.year_changed' and subject_id = '{row.Id}' and details = 'quotaLimit 3 → 1'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(Of(await CurrentAsync()) with { QuotaLimit = 3, Confirmed = new(3, 0) }, administrator);
    }

    private async Task<ProgrammeYearRow> CurrentAsync() => (await app.Send(new ListProgrammeYears())).Single(y => y.IsCurrent);

    private static ChangeProgrammeYear Of(ProgrammeYearRow row) => new(
        row.Id, row.Settings.QuotaLimit, row.Settings.OpensOn, row.Settings.ClosesOn, row.Settings.LastVisitOn, row.Settings.ContractEndsOn, row.Settings.VisitOpens, row.Settings.VisitCloses,
        row.Settings.FirstResponseHours, row.Settings.AssignmentDays, row.Settings.AcceptanceDays, row.Settings.FirstVisitDays, row.Settings.ReportDays, row.Settings.FollowUpMonths,
        row.Settings.FollowUpDailyLimit, row.Settings.JointCountsTwice, row.Settings.WaitingWeight, row.Settings.RuralWeight);
}
