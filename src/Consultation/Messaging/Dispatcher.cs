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

    /// <summary>Sends one request for each row of a job, so that a row that fails does not keep the others. Answers how many did something.</summary>
    /// <exception cref="AggregateException">All others are done; these could not be.</exception>
    public async Task<int> SendEach<T>(IEnumerable<T> rows, Func<T, IRequest<bool>> request, Actor actor, CancellationToken cancellationToken)
    {
        var done = 0;
        var failures = new List<Exception>();
        foreach (var row in rows)
        {
            try
            {
                done += await Send(request(row), actor, cancellationToken) ? 1 : 0;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(failure);
            }
        }

        return failures.Count == 0 ? done : throw new AggregateException(failures);
    }
}
