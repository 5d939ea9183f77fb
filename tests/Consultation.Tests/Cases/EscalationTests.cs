using Consultation.CalendarChange;
using Consultation.Cases;
using Consultation.Check;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Work;
using Microsoft.EntityFrameworkCore;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Cases;

public sealed class EscalationTests(TestApp app) : IClassFixture<TestApp>
{
    private async Task<int> ClimbAsync(DateTimeOffset at)
    {
        await app.MoveClockAsync(at);
        return await app.Send(new EscalateOverdue());
    }

    private async Task<string> StepAsync(CaseId id, string kind = "first_response") =>
        (string)(await app.SqlAsync($"select coalesce(escalated, '-') from deadlines where case_id = '{id}' and kind = '{kind}' order by state = 'open' desc, started_at desc limit 1"))!;

    private async Task<string[]> ToldAsync(Actor actor) => [.. (await app.Send(new ListEscalations(), actor)).Select(l => l.Number)];

    /// <summary>The tests share a house: none leaves a clock running for another.</summary>
    private async Task EndAsync(params CaseId[] ids)
    {
        foreach (var id in ids)
        {
            await app.Send(new CloseCase(id, CaseOutcome.Withdrawn, CloseOpenWork: true));
        }

        await app.MoveClockAsync(TestApp.Start);
    }

    private async Task<long> LinesAsync(CaseId id) => (long)(await app.SqlAsync($"select count(*) from case_history where case_id = '{id}' and kind = 'escalated'"))!;

    [Fact]
    public async Task J27_holder_desk_and_supervisor_are_told_one_after_the_other_and_nobody_on_the_closed_days()
    {
        var (holder, colleague, other, supervisor) = (await app.DeskAsync("tohoku"), await app.DeskAsync("tohoku"), await app.DeskAsync("okinawa"), await app.SupervisorAsync("tohoku"));
        await app.MoveClockAsync(At(11, 20, 16, 30));
        var logged = await app.Send(new LogInquiry(Channel.Email, "就業規則の相談", At(11, 20, 16, 30), Desk: "tohoku"));
        Assert.Equal(At(11, 24, 12, 30), logged.Due);
        await app.Send(new EditCase(logged.Id, Holder: holder.Staff), holder);
        foreach (var closed in (int[])[21, 22, 23])
        {
            Assert.Equal(0, await ClimbAsync(At(11, closed, 13)));
        }

        Assert.Equal(0, await ClimbAsync(At(11, 24, 12, 29)));
        Assert.Equal(1, await ClimbAsync(At(11, 24, 12, 31)));
        Assert.Equal(0, await ClimbAsync(At(11, 24, 12, 32)));
        Assert.Equal("holder", await StepAsync(logged.Id));
        Assert.Equal([logged.Number], await ToldAsync(holder));
        Assert.Empty(await ToldAsync(colleague));
        Assert.Empty(await ToldAsync(supervisor));
        Assert.Equal($"初回応答の期限（11月24日(火) 12:30）を過ぎたため、窓口担当の{holder.Name}さんに知らせました", await app.SqlAsync($"select text from case_history where case_id = '{logged.Id}' and kind = 'escalated'"));

        // Four business hours later, at 16:31, and then eight more.
        Assert.Equal(0, await ClimbAsync(At(11, 24, 16, 30)));
        Assert.Equal(1, await ClimbAsync(At(11, 24, 16, 32)));
        Assert.Equal([logged.Number], await ToldAsync(colleague));
        Assert.Empty(await ToldAsync(other));
        Assert.Empty(await ToldAsync(supervisor));
        Assert.Equal(0, await ClimbAsync(At(11, 24, 18)));
        Assert.Equal(0, await ClimbAsync(At(11, 25, 16, 30)));
        Assert.Equal(1, await ClimbAsync(At(11, 25, 16, 33)));
        Assert.Equal([logged.Number], await ToldAsync(supervisor));
        Assert.Equal(0, await ClimbAsync(At(11, 30, 10)));
        Assert.Equal(3, await LinesAsync(logged.Id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);

        await app.Send(new RecordContact(logged.Id, ContactDirection.Out, Channel.Phone, ContactResult.Answered, Text: "回答した。"), holder);
        Assert.Empty(await ToldAsync(holder));
        Assert.Empty(await ToldAsync(supervisor));
        await EndAsync(logged.Id);
    }

    [Fact]
    public async Task Without_a_holder_it_begins_at_the_desk_and_what_is_met_climbs_no_further()
    {
        await app.MoveClockAsync(At(11, 24, 9));
        var logged = await app.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 9), Desk: "kinki"));
        Assert.Equal(1, await ClimbAsync(At(11, 24, 13, 1)));
        Assert.Equal("desk", await StepAsync(logged.Id));
        await app.Send(new CloseCase(logged.Id, CaseOutcome.Answered));
        Assert.Equal(0, await ClimbAsync(At(11, 27, 10)));
        Assert.Equal(1, await LinesAsync(logged.Id));
        await app.MoveClockAsync(TestApp.Start);
    }

    [Fact]
    public async Task On_hold_nobody_is_told_and_the_next_rung_has_the_time_it_had()
    {
        await app.MoveClockAsync(At(11, 24, 9));
        var logged = await app.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 9), Desk: "kyushu"));
        Assert.Equal(1, await ClimbAsync(At(11, 24, 13)));
        // Eight business hours to the supervisors, of which two pass before the hold.
        await app.MoveClockAsync(At(11, 24, 15));
        await app.Send(new HoldCase(logged.Id, "資料待ち"));
        Assert.Equal(0, await ClimbAsync(At(11, 30, 10)));
        await app.Send(new ResumeCase(logged.Id));
        Assert.Equal(0, await ClimbAsync(At(11, 30, 15, 58)));
        Assert.Equal(1, await ClimbAsync(At(11, 30, 16, 2)));
        Assert.Equal("supervisor", await StepAsync(logged.Id));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
        await EndAsync(logged.Id);
    }

    [Fact]
    public async Task A_late_first_visit_is_told_to_the_expert_first_and_J16_only_the_late_side_climbs()
    {
        await app.MoveClockAsync(At(11, 24, 10));
        var (slow, quick) = (await app.ExpertNamedAsync("督促 太郎"), await app.ExpertNamedAsync("督促 花子", Consultation.Experts.Affiliation.Mhlw));
        var id = await app.HeldCaseAsync("株式会社督促", (Track.Mic, slow), (Track.Mhlw, quick));
        await app.Send(Visit(id, At(12, 8, 10), tracks: [Track.Mhlw]));
        var (expert, bystander) = (await app.ExpertAsync(slow), await app.ExpertAsync(quick));
        // Due at the closing of 27 November.
        Assert.Equal(0, await ClimbAsync(At(11, 27, 16, 59)));
        Assert.Equal(0, await ClimbAsync(At(11, 27, 17, 1)));
        Assert.Equal(1, await ClimbAsync(At(11, 30, 9)));
        Assert.Equal("holder", await StepAsync(id, "first_visit"));
        Assert.Single(await ToldAsync(expert));
        Assert.Empty(await ToldAsync(bystander));
        Assert.Contains("専門家の督促 太郎さん", (string)(await app.SqlAsync($"select text from case_history where case_id = '{id}' and kind = 'escalated'"))!);
        await app.Send(Visit(id, At(12, 9, 10), tracks: [Track.Mic]));
        Assert.Empty(await ToldAsync(expert));
        Assert.Equal(0, await ClimbAsync(At(12, 4, 10)));
        await EndAsync(id);
    }

    [Fact]
    public async Task A_desk_that_is_closed_is_told_when_it_opens_and_the_hours_are_the_programmes()
    {
        await app.MoveClockAsync(At(11, 24, 9));
        var logged = await app.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 9), Desk: "hokkaido"));
        await app.SqlAsync("update programme_years set escalate_supervisor_hours = 1 where fiscal_year = 2026");
        await app.Send(new CloseDay(new(2026, 11, 25), "hokkaido", "大雪"), await app.OfAsync(Role.Administrator));
        Assert.Equal(0, await ClimbAsync(At(11, 24, 17, 5)));
        Assert.Equal(0, await ClimbAsync(At(11, 25, 10)));
        Assert.Equal(1, await ClimbAsync(At(11, 26, 9)));
        Assert.Equal(1, await ClimbAsync(At(11, 26, 10, 1)));
        Assert.Equal("supervisor", await StepAsync(logged.Id));
        await app.SqlAsync("update programme_years set escalate_supervisor_hours = 8 where fiscal_year = 2026");
        await EndAsync(logged.Id);
    }

    [Fact]
    public async Task Two_workers_climb_one_rung_once()
    {
        await app.MoveClockAsync(At(11, 24, 9));
        var ids = new List<CaseId>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await app.Send(new LogInquiry(Channel.Email, $"相談{i}", At(11, 24, 9), Desk: "shikoku"))).Id);
        }

        await app.MoveClockAsync(At(11, 24, 14));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Send(new EscalateOverdue())));
        Assert.Equal(6L, await app.SqlAsync($"select count(*) from case_history where kind = 'escalated' and case_id in ({string.Join(',', ids.Select(i => $"'{i}'"))})"));
        await EndAsync([.. ids]);
    }

    [Fact]
    public async Task A_changed_setting_leaves_running_deadlines_what_they_count()
    {
        await app.MoveClockAsync(At(11, 24, 9));
        var before = await app.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 9), Desk: "chugoku"));
        await app.SqlAsync("update programme_years set first_response_hours = 2 where fiscal_year = 2026");
        var after = await app.Send(new LogInquiry(Channel.Email, "相談", At(11, 24, 9), Desk: "chugoku"));
        Assert.Equal((At(11, 24, 13), At(11, 24, 11)), (before.Due, after.Due));
        // A closure counts each again by what it counts: four hours and two.
        await app.Send(new CloseDay(new(2026, 11, 24), "chugoku", "停電"), await app.OfAsync(Role.Administrator));
        Assert.Equal("2026-11-25 13:00 2026-11-25 11:00", await app.SqlAsync(
            $"select string_agg(to_char(due_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI'), ' ' order by due_at desc) from deadlines where kind = 'first_response' and case_id in ('{before.Id}', '{after.Id}')"));
        await app.SqlAsync("update programme_years set first_response_hours = 4 where fiscal_year = 2026");
        await EndAsync(before.Id, after.Id);
    }
}
