using Consultation.Cases;
using Consultation.Check;
using Consultation.Disaster;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Disaster;

/// <summary>A visit that a disaster put off comes back as it was counted, and not beside a date that was agreed meanwhile (journey J26).</summary>
public sealed class GivenBackTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateOnly Day = new(2026, 11, 26);

    private async Task<(DisasterPlanId Plan, Actor Supervisor)> PutOffAsync()
    {
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new OpenDisaster("宮城県", Day, Day, DisasterWay.PutOff, "大雪"), supervisor);
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new ApplyDisaster(plan), supervisor));
        return (plan, supervisor);
    }

    [Fact]
    public async Task J26_a_visit_that_is_not_counted_comes_back_and_is_not_counted()
    {
        var id = await app.HeldCaseAsync("株式会社数えない", (Track.Mic, await app.ExpertNamedAsync("数えない 一")));
        var visit = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit) with { ConsumesQuota = false, QuotaReason = "短い確認" });
        var (plan, supervisor) = await PutOffAsync();
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal("confirmed 0", await app.SqlAsync($"select state || ' ' || quota_units from visits where id = '{visit.Id}'"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Desk, "試験の終わり"));
    }

    [Fact]
    public async Task J26_what_was_granted_beyond_the_limit_comes_back_with_the_visit()
    {
        var supervisor = await app.SupervisorAsync();
        var id = await app.HeldCaseAsync("株式会社四回目", (Track.Mic, await app.ExpertNamedAsync("四回目 一")));
        foreach (var day in new[] { 1, 2, 3 })
        {
            await app.Send(Visit(id, At(12, day, 10)));
        }

        var visit = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit) with { BeyondQuota = true, QuotaReason = "特別に認める" }, supervisor);
        var (plan, _) = await PutOffAsync();
        Assert.Equal("3,0", await app.QuotaAsync(id));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal("confirmed 1 1", await app.SqlAsync($"select state || ' ' || quota_units || ' ' || quota_extra from visits where id = '{visit.Id}'"));
        Assert.Equal("4,0", await app.QuotaAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Desk, "試験の終わり"));
    }

    [Fact]
    public async Task J26_a_client_who_was_given_another_date_meanwhile_keeps_that_one_alone()
    {
        var id = await app.HeldCaseAsync("株式会社別の日", (Track.Mic, await app.ExpertNamedAsync("別の日 一")));
        var visit = await app.Send(Visit(id, At(11, 26, 10), mode: VisitMode.Visit));
        var (plan, supervisor) = await PutOffAsync();
        var other = await app.Send(Visit(id, At(12, 3, 10), mode: VisitMode.Visit));
        Assert.Equal(new DisasterResult(0, 1), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Contains("12月3日", (await app.Send(new GetDisaster(plan), supervisor)).Items.Single().Why, StringComparison.Ordinal);
        Assert.Equal(("cancelled", "1,0"), (await app.SqlAsync($"select state from visits where id = '{visit.Id}'"), await app.QuotaAsync(id)));

        // Given up again, the former date may come back.
        await app.Send(new CancelVisit(other.Id, CancelledBy.Client, "やはり前の日に"));
        Assert.Equal(new DisasterResult(1, 0), await app.Send(new UndoDisaster(plan), supervisor));
        Assert.Equal("1,0", await app.QuotaAsync(id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await app.Send(new CancelVisit(visit.Id, CancelledBy.Desk, "試験の終わり"));
    }
}
