using Consultation.Messaging;
using Consultation.Tests.Mail;
using Consultation.Work;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Tests.Work;

/// <summary>A process told to stop in the midst of its work: what was begun ends in the record.</summary>
public sealed class StoppedWorkTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly When Always = When.Every(TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_transaction_that_was_begun_is_brought_to_its_end_and_its_run_is_written_down()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Slow.Register);
        using var stop = new CancellationTokenSource();
        var slow = node.Services.GetRequiredService<SlowState>();
        var running = node.Services.GetRequiredService<ScheduleRunner>().RunAsync(new("begun", Always, () => new SlowInside()), stop.Token);
        await slow.Begun.Task;
        await stop.CancelAsync();
        slow.GoOn.SetResult();
        Assert.Equal(new Ran(true, 3, null), await running);
        // Three were done and more might have been due: that is no "done".
        Assert.Equal("interrupted 3 1 0", await app.SqlAsync(Line("begun")));
    }

    [Fact]
    public async Task Work_outside_of_a_transaction_is_told_to_stop_and_is_no_failure()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Slow.Register);
        using var stop = new CancellationTokenSource();
        var running = node.Services.GetRequiredService<ScheduleRunner>().RunAsync(new("outside", Always, () => new SlowOutside()), stop.Token);
        await node.Services.GetRequiredService<SlowState>().Begun.Task;
        await stop.CancelAsync();
        Assert.Equal(new Ran(true, 0, null), await running);
        Assert.Equal("interrupted 0 1 0", await app.SqlAsync(Line("outside")));
    }

    [Fact]
    public async Task What_was_told_to_stop_before_it_began_leaves_no_trace()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Slow.Register);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => node.Services.GetRequiredService<ScheduleRunner>().RunAsync(new("before", Always, () => new SlowInside()), new(canceled: true)));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from work_runs where name = 'before'"));
    }

    [Fact]
    public async Task A_row_that_fails_keeps_no_other_batch_and_is_shown_until_it_is_done()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), Slow.Register);
        var runner = node.Services.GetRequiredService<ScheduleRunner>();
        var heap = node.Services.GetRequiredService<HeapState>();
        heap.Rows.UnionWith(Enumerable.Range(1, 25));
        heap.Poison = 7;
        var job = new ScheduledJob("heap", Always, () => new WorkTheHeap());
        Assert.Equal(new Ran(true, 24, "offer.closed"), await runner.RunAsync(job, default));
        await runner.RunAsync(job, default);
        Assert.Equal("7 offer.closed 2", await app.SqlAsync("select string_agg(row_id || ' ' || code || ' ' || tries, ',') from work_failures where job = 'heap'"));
        Assert.Equal("failed 0 2 2", await app.SqlAsync(Line("heap")));

        heap.Poison = null;
        Assert.Equal(new Ran(true, 1, null), await runner.RunAsync(job, default));
        Assert.Equal(0L, await app.SqlAsync("select count(*) from work_failures where job = 'heap'"));
        Assert.Equal("done 1 3 2", await app.SqlAsync(Line("heap")));
        Assert.Equal("offer.closed 0 3", await app.SqlAsync("select failed_code || ' ' || failed_in_a_row || ' ' || cardinality(took_ms) from work_runs where name = 'heap'"));
    }

    private static string Line(string name) =>
        $"select last_outcome || ' ' || last_done || ' ' || runs || ' ' || failures from work_runs where name = '{name}' and last_finished >= last_started and next > last_finished";
}

internal static class Slow
{
    public static void Register(IServiceCollection services) => services
        .AddSingleton<SlowState>().AddSingleton<HeapState>()
        .AddTransient<IRequestHandler<SlowInside, int>, SlowInsideHandler>().AddTransient<IRequestHandler<SlowOutside, int>, SlowOutsideHandler>()
        .AddTransient<IRequestHandler<WorkTheHeap, int>, WorkTheHeapHandler>().AddTransient<IRequestHandler<WorkOne, bool>, WorkOneHandler>();
}

public sealed class SlowState
{
    public TaskCompletionSource Begun { get; } = new();

    public TaskCompletionSource GoOn { get; } = new();
}

/// <summary>A batch of three in one transaction, in whose midst the test interferes.</summary>
[Requires(Permission.Operate)]
public sealed record SlowInside : ICommand<int>;

internal sealed class SlowInsideHandler(SlowState state) : IRequestHandler<SlowInside, int>
{
    public async Task<int> Handle(SlowInside request, CancellationToken cancellationToken)
    {
        state.Begun.TrySetResult();
        await state.GoOn.Task;
        cancellationToken.ThrowIfCancellationRequested();
        return 3;
    }
}

/// <summary>Waits for somebody outside until it is told to stop.</summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record SlowOutside : ICommand<int>;

internal sealed class SlowOutsideHandler(SlowState state) : IRequestHandler<SlowOutside, int>
{
    public async Task<int> Handle(SlowOutside request, CancellationToken cancellationToken)
    {
        state.Begun.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }
}

public sealed class HeapState
{
    public SortedSet<int> Rows { get; } = [];

    public int? Poison { get; set; }
}

/// <summary>Ten rows at a time, each by a request of its own; the poisoned one is refused.</summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record WorkTheHeap : ICommand<int>;

internal sealed class WorkTheHeapHandler(HeapState heap, Dispatcher dispatcher, Execution execution) : IRequestHandler<WorkTheHeap, int>
{
    public Task<int> Handle(WorkTheHeap request, CancellationToken cancellationToken) =>
        dispatcher.SendEach(heap.Rows.Take(10).ToList(), row => new WorkOne(row), execution.Actor, cancellationToken);
}

[Requires(Permission.Operate)]
public sealed record WorkOne(int Row) : ICommand<bool>;

internal sealed class WorkOneHandler(HeapState heap) : IRequestHandler<WorkOne, bool>
{
    public Task<bool> Handle(WorkOne request, CancellationToken cancellationToken) =>
        request.Row == heap.Poison ? throw new RuleViolation("offer.closed") : Task.FromResult(heap.Rows.Remove(request.Row));
}
