using Consultation.Messaging;
using MediatR;

namespace Consultation.Work;

/// <summary>
/// Runs one job of the schedule now, whatever its hour: every job is safe at any time and beside itself. Its work is done as the system; who
/// asked for it stands in the audit before it begins.
/// </summary>
/// <exception cref="NotFound">There is no such job.</exception>
[Requires(Permission.Administer), OutsideTransaction]
public sealed record RunJob(string Job) : ICommand<Ran>;

internal sealed class RunJobHandler(Dispatcher dispatcher, Execution execution, ScheduleRunner runner) : IRequestHandler<RunJob, Ran>
{
    public async Task<Ran> Handle(RunJob request, CancellationToken cancellationToken)
    {
        var job = Schedule.Jobs.FirstOrDefault(one => one.Name == request.Job) ?? throw new NotFound();
        await dispatcher.Send(new NoteRun(job.Name), execution.Actor, cancellationToken);
        return await runner.RunNowAsync(job, cancellationToken);
    }
}

/// <summary>Writes down who runs a job by hand; a command of its own because the run itself has no transaction.</summary>
[Requires(Permission.Administer)]
internal sealed record NoteRun(string Job) : ICommand<bool>;

internal sealed class NoteRunHandler(Execution execution) : IRequestHandler<NoteRun, bool>
{
    public Task<bool> Handle(NoteRun request, CancellationToken cancellationToken)
    {
        execution.Audit("work.run_now", default(Ref), request.Job);
        return Task.FromResult(true);
    }
}
