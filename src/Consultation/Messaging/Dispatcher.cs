using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Consultation.Messaging;

/// <summary>
/// The one way in: pages, API, jobs and command line send every request through here, each in a scope of its own, so that a use case never
/// knows who calls it and one request is one context, one transaction, one execution.
/// </summary>
public sealed class Dispatcher(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <param name="expectedVersion">What the caller's If-Match named; null where it named nothing.</param>
    /// <param name="faults">What the edge could not read (an unknown code, an impossible date), to be reported with what the validator finds.</param>
    /// <exception cref="Failure">One of the five refusals of <see cref="Failure"/>.</exception>
    public async Task<TResult> Send<TResult>(
        IRequest<TResult> request, Actor actor, CancellationToken cancellationToken = default, IdempotencyKey? idempotencyKey = null, int? expectedVersion = null,
        IReadOnlyList<InputError>? faults = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        var execution = scope.ServiceProvider.GetRequiredService<Execution>();
        execution.Actor = actor;
        execution.Now = clock.GetUtcNow();
        execution.IdempotencyKey = idempotencyKey;
        execution.ExpectedVersion = expectedVersion;
        execution.ReadingFaults = faults ?? [];
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }

    /// <summary>
    /// Does a command with all its rules and takes it back whole: what it would send, or why it would be refused. It takes the command's own locks for
    /// that moment and gives up soon where somebody else holds them.
    /// </summary>
    /// <exception cref="Failure">As the command itself; <see cref="Conflict"/> <c>rehearsal.busy</c> where others were at it.</exception>
    public async Task<Rehearsed> Rehearse<TResult>(ICommand<TResult> command, Actor actor, CancellationToken cancellationToken = default, int? expectedVersion = null)
    {
        if (command.GetType().IsDefined(typeof(OutsideTransactionAttribute), false) || command.GetType().IsDefined(typeof(ChangesCalendarAttribute), false))
        {
            throw new InvalidOperationException($"{command.GetType().Name} is not one transaction that may be taken back.");
        }

        await using var scope = scopes.CreateAsyncScope();
        var execution = scope.ServiceProvider.GetRequiredService<Execution>();
        execution.Actor = actor;
        execution.Now = clock.GetUtcNow();
        execution.ExpectedVersion = expectedVersion;
        execution.Rehearsal = new();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
        return execution.Rehearsal.Seen;
    }

    /// <summary>
    /// Sends one request for each row of a job, so that a row that fails does not keep the others. Whoever stops it stops between two rows: one that was
    /// begun is brought to its end. Answers how many did something.
    /// </summary>
    /// <exception cref="PartlyDone">All others are done; these could not be.</exception>
    public async Task<int> SendEach<T>(IEnumerable<T> rows, Func<T, IRequest<bool>> request, Actor actor, CancellationToken cancellationToken) where T : notnull
    {
        var done = 0;
        var failures = new List<(string Row, Exception Failure)>();
        foreach (var row in rows.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            try
            {
                done += await Send(request(row), actor, CancellationToken.None) ? 1 : 0;
            }
            catch (Exception failure)
            {
                failures.Add(($"{row}", failure));
            }
        }

        return failures.Count == 0 ? done : throw new PartlyDone(done, [.. failures.Select(one => one.Failure)], [.. failures.Select(one => one.Row)]);
    }
}

/// <summary>Some rows of a job could not be done; all others were.</summary>
/// <param name="done">How many.</param>
/// <param name="rows">The ids of those that could not, in the order of their failures, where they are known; never anything that names people.</param>
public sealed class PartlyDone(int done, IReadOnlyCollection<Exception> failures, IReadOnlyList<string>? rows = null) : AggregateException(failures)
{
    public int Done => done;

    public IReadOnlyList<string> Rows => rows ?? [];
}
