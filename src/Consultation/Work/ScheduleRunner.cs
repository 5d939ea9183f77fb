using System.Diagnostics;
using System.Reflection;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Consultation.Work;

/// <summary>How a knock at a job ended: not due, done (with how much), or failed.</summary>
public readonly record struct Ran(bool WasDue, int Done, string? ErrorCode);

/// <summary>
/// Runs one job of the schedule as the system, and writes down how it went. A failure is logged and visible in <c>work_runs</c>, and the job
/// runs again at its next beat. What is begun always ends in the record, whoever stops it: a batch that is one transaction is brought to its end, a request
/// that works outside of one is told to stop.
/// </summary>
public sealed partial class ScheduleRunner(Dispatcher dispatcher, WorkRuns runs, DeskBook desks, TimeProvider clock, ILogger<ScheduleRunner> log)
{
    // At the largest batch some ten thousand rows a knock; the rest is for the next one.
    private const int Batches = 50;

    public async Task<Ran> RunAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        var last = job.When.DailyAt is null ? null : await runs.LastStartedAsync(job.Name, cancellationToken);
        return job.When.IsDue(clock.GetUtcNow(), last, await OfficeAsync(job, cancellationToken)) ? await RunNowAsync(job, cancellationToken) : default;
    }

    /// <summary>The same at any time: every job is safe to run whenever somebody likes.</summary>
    /// <exception cref="OperationCanceledException">It was stopped before it began.</exception>
    public async Task<Ran> RunNowAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var begun = Stopwatch.GetTimestamp();
        await runs.StartedAsync(job.Name, clock.GetUtcNow());
        var run = await BatchesAsync(job, cancellationToken);
        if (run.ErrorCode is { } code)
        {
            Failed(log, job.Name, code, run.Failed.Count);
        }

        var now = clock.GetUtcNow();
        await runs.FinishedAsync(job.Name, new(now, run.Outcome, run.ErrorCode, run.Done, job.When.Next(now, await OfficeAsync(job, CancellationToken.None)), Stopwatch.GetElapsedTime(begun), run.Failed));
        return new(true, run.Done, run.ErrorCode);
    }

    private async Task<Result> BatchesAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        var done = 0;
        string? error = null;
        var failed = new Dictionary<string, string>();
        try
        {
            var found = 1;
            for (var batch = 0; found > 0 && batch < (job.Once ? 1 : Batches); batch++)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return new(WorkOutcome.Interrupted, done, null, failed);
                }

                if (batch > 0)
                {
                    await runs.AliveAsync(job.Name);
                }

                var request = job.Request();
                try
                {
                    found = await dispatcher.Send(request, Actor.System(job.Name), IsOutside(request) ? cancellationToken : CancellationToken.None);
                }
                catch (PartlyDone some)
                {
                    // The others go on; who fails stays due and comes with the next batch again, so that only something new is worth another.
                    found = some.Done;
                    error ??= CodeOf(some.InnerExceptions[0]);
                    foreach (var (row, failure) in some.Rows.Zip(some.InnerExceptions))
                    {
                        failed[row] = CodeOf(failure);
                    }
                }

                done += found;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(WorkOutcome.Interrupted, done, null, failed);
        }
        catch (Exception failure)
        {
            return new(WorkOutcome.Failed, done, CodeOf(failure), failed);
        }

        return new(error is null ? WorkOutcome.Done : WorkOutcome.Failed, done, error, failed);
    }

    private static bool IsOutside(IRequest<int> request) => request.GetType().GetCustomAttribute<OutsideTransactionAttribute>() is not null;

    private async Task<OfficeHours> OfficeAsync(ScheduledJob job, CancellationToken cancellationToken) =>
        job.When.InOfficeHours ? OfficeHours.Of(await desks.ReadAsync(cancellationToken)) : OfficeHours.Shipped;

    // The message of an exception may name people; its kind does not.
    private static string CodeOf(Exception failure) => failure switch
    {
        Failure refused => refused.Code,
        _ when Constraints.ErrorIn(failure) is { } database => $"sql.{database.SqlState}",
        _ => failure.GetBaseException().GetType().Name,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Background work {Job} failed: {Code} ({Rows} rows)")]
    private static partial void Failed(ILogger log, string job, string code, int rows);

    private sealed record Result(WorkOutcome Outcome, int Done, string? ErrorCode, IReadOnlyDictionary<string, string> Failed);
}
