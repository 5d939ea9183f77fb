using Consultation.Messaging;
using MediatR;

namespace Consultation.Work;

/// <summary>
/// Runs every job of the schedule in order, again and again until none finds anything to do: what <c>clock step</c> does at each stop, so
/// that every day's reminders, follow-ups and mails happen on their day.
/// </summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record RunAllDue : ICommand<WorkDone>;

/// <param name="Done">How much each job found to do; jobs without anything are left out.</param>
/// <param name="Failed">The jobs that failed, with their codes.</param>
public sealed record WorkDone(IReadOnlyDictionary<string, int> Done, IReadOnlyDictionary<string, string> Failed);

internal sealed class RunAllDueHandler(ScheduleRunner runner) : IRequestHandler<RunAllDue, WorkDone>
{
    // Work that causes work ends after two or three rounds; the bound is for a mistake.
    private const int Rounds = 10;

    public async Task<WorkDone> Handle(RunAllDue request, CancellationToken cancellationToken)
    {
        var done = new Dictionary<string, int>();
        var failed = new Dictionary<string, string>();
        var found = true;
        for (var round = 0; found && round < Rounds; round++)
        {
            found = false;
            foreach (var job in Schedule.Jobs.Where(j => !failed.ContainsKey(j.Name)))
            {
                var ran = await runner.RunAsync(job, cancellationToken);
                if (ran.ErrorCode is { } code)
                {
                    failed[job.Name] = code;
                }

                if (ran.Done > 0)
                {
                    done[job.Name] = done.GetValueOrDefault(job.Name) + ran.Done;
                    found = true;
                }
            }
        }

        return new(done, failed);
    }
}
