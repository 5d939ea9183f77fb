using System.Text.RegularExpressions;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Experts;
using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Tests.Mail;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Handover;

/// <summary>What the substitute has begun stays the substitute's (journey J14), and the letters word for word (journey J39).</summary>
public sealed partial class ReturnTests(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await app.MoveClockAsync(TestApp.Start);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task J14_a_visit_that_has_begun_keeps_its_track_with_the_substitute()
    {
        var (id, _, plan, supervisor) = await HandedOverAsync("始まった社", "一");
        await app.MoveClockAsync(At(11, 26, 10, 30));
        Assert.Contains("始まっていて", Assert.Single((await app.Send(new UndoHandover(plan), supervisor)).Kept!).Why, StringComparison.Ordinal);
        Assert.Equal(CaseStatus.Booked, await app.StatusAsync(id));
    }

    [Fact]
    public async Task J14_a_report_that_the_substitute_owes_keeps_its_track_with_the_substitute()
    {
        var (_, visit, plan, supervisor) = await HandedOverAsync("報告待ちの社", "二");
        await app.MoveClockAsync(At(11, 30, 9));
        await app.Send(new CompleteVisit(visit, VisitOutcome.TookPlace, Source: "電話で確認"));
        Assert.Contains("報告", Assert.Single((await app.Send(new UndoHandover(plan), supervisor)).Kept!).Why, StringComparison.Ordinal);
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task J14_nobody_is_sent_or_sent_back_to_a_visit_for_which_it_is_too_late_to_set_out()
    {
        // From Tokyo to Osaka it takes more than three hours and a half.
        var (near, far) = (await app.ExpertNamedAsync("代理 近子", prefecture: "27"), await app.ExpertNamedAsync("代理 遠子", prefecture: "13"));
        var (ill, illCase) = await VisitedAsync("休暇 病郎", At(12, 8, 0));
        var (busy, busyCase) = await VisitedAsync("休暇 用郎", At(12, 8, 12, 30));
        var supervisor = await app.SupervisorAsync();
        var late = await app.Send(new ProposeHandover(ill), supervisor);
        await app.MoveClockAsync(At(12, 8, 9));
        var early = await app.Send(new ProposeHandover(busy), supervisor);
        await app.Send(new ApproveHandover(early.Id, "電話で了解", [new(busyCase, Track.Mic, near)]), supervisor);

        await app.MoveClockAsync(At(12, 8, 10));
        var refused = await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new ApproveHandover(late.Id, "電話で了解", [new(illCase, Track.Mic, far)]), supervisor));
        Assert.Contains("9:20に出発する必要がある", Assert.Single((IReadOnlyList<HandoverChange>)refused.Extra["changes"]!).Text, StringComparison.Ordinal);
        await app.Send(new RemoveAbsence(busy, ExpertAbsenceId.Parse((string)(await app.SqlAsync($"select id::text from expert_absences where expert_id = '{busy}'"))!, null)), supervisor);
        Assert.Contains("9:20に出発する必要がある", Assert.Single((await app.Send(new UndoHandover(early.Id), supervisor)).Kept!).Why, StringComparison.Ordinal);
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        async Task<(ExpertId, CaseId)> VisitedAsync(string name, DateTimeOffset absentFrom)
        {
            var expert = await app.ExpertNamedAsync(name, prefecture: "13");
            var id = await app.HeldCaseAsync($"株式会社{name}", (Track.Mic, expert));
            await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
            await app.Send(Visit(id, At(12, 8, 13), mode: VisitMode.Visit));
            await app.Send(new AddAbsence(expert, absentFrom, At(12, 9, 0), "休暇"));
            return (expert, id);
        }
    }

    [Fact]
    public async Task J14_visits_reached_straight_from_one_another_are_all_given_back()
    {
        // In Osaka at ten and at one, and the expert lives in Tokyo: there is no time to go home in between.
        var (away, near) = (await app.ExpertNamedAsync("休暇 往復", prefecture: "13"), await app.ExpertNamedAsync("代理 大阪", prefecture: "27"));
        var cases = new List<CaseId>();
        foreach (var hour in new[] { 10, 13 })
        {
            var id = await app.HeldCaseAsync($"株式会社続けて{hour}", (Track.Mic, away));
            await app.Send(new EditCase(id, Organisation: new(Prefecture: "大阪府")));
            await app.Send(Visit(id, At(12, 15, hour), mode: VisitMode.Visit));
            cases.Add(id);
        }

        var rows = await RowsAsync(away);
        await app.Send(new AddAbsence(away, At(12, 15, 0), At(12, 16, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var plan = await app.Send(new ProposeHandover(away), supervisor);
        await app.Send(new ApproveHandover(plan.Id, "電話で了解", [.. cases.Select(id => new HandoverChoice(id, Track.Mic, near))]), supervisor);
        Assert.Null(await RowsAsync(away));
        await app.SqlAsync($"delete from expert_absences where expert_id = '{away}'");

        Assert.Empty((await app.Send(new UndoHandover(plan.Id), supervisor)).Kept!);
        Assert.Equal(rows, await RowsAsync(away));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        async Task<string?> RowsAsync(ExpertId expert) =>
            await app.SqlAsync($"select string_agg(busy::text, ' ' order by starts_at) from expert_diary where expert_id = '{expert}' and state = 'confirmed'") as string;
    }

    [Fact]
    public async Task J39_the_letters_of_a_hand_over_to_client_and_substitute()
    {
        var (id, _, _, _) = await HandedOverAsync("株式会社引継ぎ", "三");
        foreach (var template in new[] { "expert-substituted", "hand-over-list" })
        {
            var text = (string)(await app.SqlAsync($"select subject || E'\n\n' || body from outgoing_mail where reference = '{id}' and template = '{template}'"))!;
            Approved.Matches(template, Number().Replace(text, "R08-000123"));
        }
    }

    private async Task<(CaseId Case, VisitId Visit, HandoverPlanId Plan, Actor Supervisor)> HandedOverAsync(string organisation, string mark)
    {
        var away = await app.ExpertNamedAsync($"休暇 {mark}郎");
        var substitute = await app.ExpertNamedAsync($"代理 {mark}子");
        var id = await app.HeldCaseAsync(organisation, (Track.Mic, away));
        var visit = await app.Send(Visit(id, At(11, 26, 10)));
        await app.Send(new AddAbsence(away, At(11, 26, 0), At(11, 28, 0), "休暇"));
        var supervisor = await app.SupervisorAsync();
        var proposed = await app.Send(new ProposeHandover(away), supervisor);
        await app.Send(new ApproveHandover(proposed.Id, "電話で了解", [new(id, Track.Mic, substitute)]), supervisor);
        return (id, visit.Id, proposed.Id, supervisor);
    }

    [GeneratedRegex(@"R08-\d{6}")]
    private static partial Regex Number();
}
