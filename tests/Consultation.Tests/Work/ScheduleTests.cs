using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Tests.Mail;
using Consultation.Work;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Work;

public sealed class ScheduleTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly When Always = When.Every(TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_failed_job_is_written_down_and_runs_again()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Flaky.Register);
        var runner = node.Services.GetRequiredService<ScheduleRunner>();
        var job = new ScheduledJob("flaky", Always, () => new Flaky());

        Assert.Equal(new Ran(true, 0, "offer.closed"), await runner.RunAsync(job, default));
        Assert.Equal("failed offer.closed 1 1", await app.SqlAsync(Line("flaky")));
        Assert.Equal(new Ran(true, 7, null), await runner.RunAsync(job, default));
        Assert.Equal("done - 2 1", await app.SqlAsync(Line("flaky")));
    }

    [Fact]
    public async Task A_job_acts_under_its_own_name()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Flaky.Register);
        var seen = node.Services.GetRequiredService<FlakyState>();
        seen.Calls = 1;
        await node.Services.GetRequiredService<ScheduleRunner>().RunAsync(new("namesake", Always, () => new Flaky()), default);
        Assert.Equal(Actor.System("namesake"), seen.Actor);
    }

    [Fact]
    public async Task Work_of_office_hours_rests_when_the_moved_clock_shows_a_holiday()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Flaky.Register);
        node.Services.GetRequiredService<FlakyState>().Calls = 1;
        var runner = node.Services.GetRequiredService<ScheduleRunner>();
        var job = new ScheduledJob("office", When.InHours(TimeSpan.FromMinutes(5)), () => new Flaky());
        await node.Send(new Consultation.Demo.SetClock(new(2026, 12, 29, 10, 0, 0, TimeSpan.FromHours(9))));
        Assert.False((await runner.RunAsync(job, default)).WasDue);
        await node.Send(new Consultation.Demo.SetClock(TestApp.Start));
        Assert.True((await runner.RunAsync(job, default)).WasDue);
    }

    [Fact]
    public async Task Everything_due_is_done_in_one_go_and_then_nothing_is_left()
    {
        await using var peer = new SmtpPeer();
        await using var node = await MailNode.StartAsync(app, peer);
        await node.WriteAsync("all-due");
        var first = await node.Send(new RunAllDue());
        Assert.Equal(1, first.Done[Schedule.Mail]);
        Assert.Empty(first.Failed);
        Assert.Single(peer.Kept);
        Assert.Empty((await node.Send(new RunAllDue())).Done);

        var lines = await node.Send(new ListWork());
        Assert.Equal(Schedule.Jobs.Select(j => j.Name), lines.Select(l => l.Name));
        Assert.All(lines, l => Assert.Equal(WorkOutcome.Done, l.LastOutcome));
    }

    [Fact]
    public async Task Idempotency_keys_are_forgotten_after_seven_days()
    {
        await app.SqlAsync("""
            insert into idempotency (caller, path, key, body_hash, created_at)
            values ('t', '/p', 'old', 'h', app_now() - interval '7 days 1 minute'), ('t', '/p', 'young', 'h', app_now() - interval '6 days 23 hours')
            """);
        Assert.Equal(1, await app.Send(new CleanIdempotency()));
        Assert.Equal("young", await app.SqlAsync("select string_agg(key, ',') from idempotency where caller = 't'"));
    }

    private static string Line(string name) =>
        $"select last_outcome || ' ' || coalesce(last_error_code, '-') || ' ' || runs || ' ' || failures from work_runs where name = '{name}' and next > last_finished";
}

/// <summary>Work that is refused the first time, does seven things the second and finds no more.</summary>
[Requires(Permission.Operate)]
public sealed record Flaky : ICommand<int>
{
    public static void Register(IServiceCollection services) =>
        services.AddSingleton<FlakyState>().AddTransient<IRequestHandler<Flaky, int>, FlakyHandler>();
}

public sealed class FlakyState
{
    private readonly TaskCompletionSource thrice = new();

    public int Calls { get; set; }

    public Actor? Actor { get; set; }

    public Task Thrice => thrice.Task;

    public int Called(Actor actor)
    {
        Actor = actor;
        if (++Calls >= 3)
        {
            thrice.TrySetResult();
        }

        return Calls;
    }
}

internal sealed class FlakyHandler(FlakyState state, Execution execution) : IRequestHandler<Flaky, int>
{
    public Task<int> Handle(Flaky request, CancellationToken cancellationToken) =>
        state.Called(execution.Actor) switch
        {
            1 => throw new RuleViolation("offer.closed"),
            2 => Task.FromResult(7),
            _ => Task.FromResult(0),
        };
}
