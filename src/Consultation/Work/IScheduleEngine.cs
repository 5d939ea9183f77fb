namespace Consultation.Work;

/// <summary>
/// Decides when a job of the schedule is knocked at, and on which node; nothing else (a seam of design §10.8). The names are those of
/// <see cref="Schedule.Jobs"/>.
/// </summary>
public interface IScheduleEngine
{
    /// <param name="knock">Runs the named job; called at most once at a time for a job, over all nodes.</param>
    Task StartAsync(IReadOnlyList<ScheduledJob> jobs, Func<string, CancellationToken, Task> knock, CancellationToken cancellationToken);

    /// <summary>Ends after the jobs that are running.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
