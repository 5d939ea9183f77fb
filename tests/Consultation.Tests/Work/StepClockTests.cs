using Consultation.Check;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Tests.Visits;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Work;
using static Consultation.Tests.Visits.Scene;

namespace Consultation.Tests.Work;

/// <summary>P25: the demo's clock moved from the browser, and what happened then.</summary>
public sealed class StepClockTests(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task P25_steps_do_what_is_due_on_the_way_and_tell_it()
    {
        await app.MoveClockAsync(TestApp.Start);
        var supervisor = await app.SupervisorAsync();
        var id = await app.HeldCaseAsync("株式会社時計", (Track.Mic, await app.ExpertNamedAsync("時計 太郎")));
        await app.Send(Visit(id, At(11, 25, 14)));

        var hour = await app.Send(new StepClock(ClockMove.Hour), supervisor);
        Assert.Equal(At(11, 24, 10, 20), Minute(hour.To));
        Assert.Empty(hour.Failed);
        Assert.Equal(1, hour.Done.GetValueOrDefault("remind-of-visits"));
        var told = await app.Send(new ListHappenings(hour.From, hour.To), supervisor);
        Assert.Contains(told.Letters, l => l.Template == "visit-reminder" && l.Case == id);
        Assert.Equal(told.LettersInAll, told.Letters.Count);

        var week = await app.Send(new StepClock(ClockMove.FiveBusinessDays), supervisor);
        Assert.Equal(At(12, 1, 10, 20), Minute(week.To));
        Assert.Equal("2026-11-24 10:20 → 2026-12-01 10:20", await app.SqlAsync(
            $"select details from audit_entry where action = 'clock.moved' and staff_id = '{supervisor.Staff}' order by id desc limit 1"));
        Assert.Empty((await app.Send(new RunCheck())).Broken);
    }

    [Fact]
    public async Task P25_to_a_day_a_month_ahead_raises_what_falls_on_its_way()
    {
        await app.MoveClockAsync(TestApp.Start);
        var supervisor = await app.SupervisorAsync();
        var id = await app.HeldCaseAsync("株式会社翌月", (Track.Mic, await app.ExpertNamedAsync("翌月 太郎")));
        var booked = await app.Send(Visit(id, At(11, 25, 10)));
        await app.MoveClockAsync(At(11, 25, 12));
        await app.Send(new CompleteVisit(booked.Id, VisitOutcome.TookPlace, Source: "電話で確認"));
        await app.Send(new FileReport(booked.Id, Track.Mic, "助言した。", ReportNext.Done, Source: "電話で口述"));

        var month = await app.Send(new StepClock(ClockMove.ToDay, new(2026, 12, 28), new(9, 30)), supervisor);
        Assert.Equal(At(12, 28, 9, 30), Minute(month.To));
        Assert.Equal("2026-12-25", await app.SqlAsync($"select (e.at at time zone 'Asia/Tokyo')::date::text from audit_entry e join follow_ups f on f.id = e.subject_id where f.case_id = '{id}' and e.action = 'follow_up.raised'"));
        var told = await app.Send(new ListHappenings(month.From, month.To), supervisor);
        Assert.Contains(told.Lines, l => l.Case == id && l.Text.Contains("1か月後フォローの期日", StringComparison.Ordinal));
        Assert.Contains(told.Letters, l => l.Case == id && l.Template == "visit-survey");

        var administrator = await app.OfAsync(Role.Administrator);
        var seen = await app.Send(new ListHappenings(month.From, month.To), administrator);
        Assert.Empty(seen.Lines);
        Assert.All(seen.Letters, l => Assert.Null(l.Number));
        Assert.Contains(seen.Acts, a => a.Action == "follow_up.raised");
        var kyushu = await app.Send(new ListHappenings(month.From, month.To), supervisor with { Desk = (await app.DeskAsync("kyushu")).Desk, District = "kyushu" });
        Assert.DoesNotContain(kyushu.Lines, l => l.Case == id);
    }

    [Fact]
    public async Task The_clock_is_moved_forward_not_far_and_by_whom_it_may()
    {
        var supervisor = await app.SupervisorAsync();
        var now = app.Now;
        var today = JapanTime.DateOf(now);
        Assert.Equal("clock.backwards", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new StepClock(ClockMove.ToDay, today.AddDays(-1), new(9, 0)), supervisor))).Errors[0].Code);
        Assert.Equal("clock.too_far", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new StepClock(ClockMove.ToDay, today.AddDays(120), new(9, 0)), supervisor))).Errors[0].Code);
        Assert.Equal("field.required", (await Assert.ThrowsAsync<InvalidInput>(() => app.Send(new StepClock(ClockMove.ToDay), supervisor))).Errors[0].Code);
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new StepClock(ClockMove.Hour), await app.DeskAsync("tohoku")));
        await Assert.ThrowsAsync<Forbidden>(async () => await app.Send(new ListHappenings(now, now), await app.DeskAsync("tohoku")));

        await app.SqlAsync("update installation set demo = false");
        Assert.Equal("clock.not_demo", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new StepClock(ClockMove.Hour), supervisor))).Code);
        await app.SqlAsync("update installation set demo = true");
    }

    [Fact]
    public async Task Two_who_move_it_at_once_do_not_get_into_each_others_way()
    {
        var supervisor = await app.SupervisorAsync();
        await using var other = Npgsql.NpgsqlDataSource.Create(app.ConnectionString);
        await using var holder = await other.OpenConnectionAsync();
        await using (var take = new Npgsql.NpgsqlCommand("select pg_advisory_lock(5527160)", holder))
        {
            await take.ExecuteNonQueryAsync();
        }

        Assert.Equal("clock.moving", (await Assert.ThrowsAsync<RuleViolation>(() => app.Send(new StepClock(ClockMove.Hour), supervisor))).Code);
        await using (var give = new Npgsql.NpgsqlCommand("select pg_advisory_unlock(5527160)", holder))
        {
            await give.ExecuteNonQueryAsync();
        }

        await app.Send(new StepClock(ClockMove.Hour), supervisor);
        await app.Send(new StepClock(ClockMove.Hour), supervisor);
    }

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.Ticks - (at.Ticks % TimeSpan.TicksPerMinute), at.Offset);
}
