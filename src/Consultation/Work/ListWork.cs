using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Work;

/// <summary>What the schedule did last, in its order; a job that never ran stands there too.</summary>
[Requires(Permission.Administer)]
public sealed record ListWork : IQuery<IReadOnlyList<WorkLine>>;

/// <param name="LastErrorCode">Null where the last run went well.</param>
public sealed record WorkLine(
    string Name, DateTimeOffset? LastStarted, DateTimeOffset? LastFinished, WorkOutcome? LastOutcome, string? LastErrorCode, long Runs, long Failures, DateTimeOffset? Next);

internal sealed class ListWorkHandler(ConsultationDb db) : IRequestHandler<ListWork, IReadOnlyList<WorkLine>>
{
    public async Task<IReadOnlyList<WorkLine>> Handle(ListWork request, CancellationToken cancellationToken)
    {
        var runs = await db.Set<WorkRun>().AsNoTracking().ToDictionaryAsync(r => r.Name, cancellationToken);
        return Schedule.Jobs
            .Select(job => runs.TryGetValue(job.Name, out var run)
                ? new WorkLine(job.Name, run.LastStarted, run.LastFinished, run.LastOutcome, run.LastErrorCode, run.Runs, run.Failures, run.Next)
                : new WorkLine(job.Name, null, null, null, null, 0, 0, null))
            .ToList();
    }
}
