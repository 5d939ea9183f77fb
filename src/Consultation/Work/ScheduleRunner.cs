using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using Microsoft.Extensions.Logging;

namespace Consultation.Work;

/// <summary>How a knock at a job ended: not due, done (with how much), or failed.</summary>
public readonly record struct Ran(bool WasDue, int Done, string? ErrorCode);

/// <summary>
/// Runs one job of the schedule as the system, and writes down how it went. A failure is logged and visible in <c>work_runs</c>, and the job
/// runs again at its next beat.
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
    public async Task<Ran> RunNowAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        await runs.StartedAsync(job.Name, clock.GetUtcNow(), cancellationToken);
        var done = 0;
        string? error = null;
        try
        {
            var found = 1;
            for (var batch = 0; found > 0 && batch < Batches; batch++)
            {
                found = await dispatcher.Send(job.Request(), Actor.System(job.Name), cancellationToken);
                done += found;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            error = CodeOf(failure);
            Failed(log, job.Name, error);
        }

        var now = clock.GetUtcNow();
        await runs.FinishedAsync(job.Name, now, error, job.When.Next(now, await OfficeAsync(job, CancellationToken.None)), CancellationToken.None);
        return new(true, done, error);
    }

    private async Task<OfficeHours> OfficeAsync(ScheduledJob job, CancellationToken cancellationToken) =>
        job.When.InOfficeHours ? OfficeHours.Of(await desks.ReadAsync(cancellationToken)) : OfficeHours.Shipped;

    // The message of an exception may name people; its kind does not.
    private static string CodeOf(Exception failure) => failure switch
    {
        Failure refused => refused.Code,
        _ when Constraints.ErrorIn(failure) is { } database => $"sql.{database.SqlState}",
        _ => failure.GetBaseException().GetType().Name,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Background work {Job} failed: {Code}")]
    private static partial void Failed(ILogger log, string job, string code);
}
