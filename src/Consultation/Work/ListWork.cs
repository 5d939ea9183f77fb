using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Consultation.Work;

/// <summary>What the schedule did last and has before it, in its order; a job that never ran stands there too.</summary>
[Requires(Permission.Administer)]
public sealed record ListWork : IQuery<IReadOnlyList<WorkLine>>;

/// <param name="LastErrorCode">Null where the last run went well.</param>
/// <param name="Backlog">How much is due now, counted up to <see cref="MostCounted"/>; null for a job that cannot be counted.</param>
public sealed record WorkLine(
    string Name, DateTimeOffset? LastStarted, DateTimeOffset? LastFinished, WorkOutcome? LastOutcome, string? LastErrorCode, long Runs, long Failures, DateTimeOffset? Next, int? Backlog)
{
    public const int MostCounted = 1000;

    /// <summary>How long the last finished run took; null where none finished, or another is running.</summary>
    public TimeSpan? Took => LastFinished >= LastStarted ? LastFinished - LastStarted : null;
}

internal sealed class ListWorkHandler(ConsultationDb db) : IRequestHandler<ListWork, IReadOnlyList<WorkLine>>
{
    public async Task<IReadOnlyList<WorkLine>> Handle(ListWork request, CancellationToken cancellationToken)
    {
        var runs = await db.Set<WorkRun>().AsNoTracking().ToDictionaryAsync(r => r.Name, cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var lines = new List<WorkLine>();
        foreach (var job in Schedule.Jobs)
        {
            var backlog = await BacklogAsync(job, cancellationToken);
            lines.Add(runs.TryGetValue(job.Name, out var run)
                ? new(job.Name, run.LastStarted, run.LastFinished, run.LastOutcome, run.LastErrorCode, run.Runs, run.Failures, run.Next, backlog)
                : new(job.Name, null, null, null, null, 0, 0, null, backlog));
        }

        return lines;
    }

    private async Task<int?> BacklogAsync(ScheduledJob job, CancellationToken cancellationToken)
    {
        if (job.Due is null)
        {
            return null;
        }

        await using var count = new NpgsqlCommand($"select count(*)::int from (select 1 from {job.Due} limit {WorkLine.MostCounted}) due", (NpgsqlConnection)db.Database.GetDbConnection());
        return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
    }
}
