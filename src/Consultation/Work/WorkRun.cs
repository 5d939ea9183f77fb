using Consultation.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;

namespace Consultation.Work;

public enum WorkOutcome { Done, Failed }

/// <summary>What a job of the schedule did last: for the work page, for health and for the daily jobs themselves. Times by the one clock.</summary>
public sealed class WorkRun
{
    private WorkRun()
    {
    }

    public string Name { get; private set; } = "";
    public DateTimeOffset? LastStarted { get; private set; }
    public DateTimeOffset? LastFinished { get; private set; }
    public WorkOutcome? LastOutcome { get; private set; }

    /// <summary>A failure's code, an SQL state or the name of an exception; null where the last run went well.</summary>
    public string? LastErrorCode { get; private set; }
    public long Runs { get; private set; }
    public long Failures { get; private set; }
    public DateTimeOffset? Next { get; private set; }
}

internal sealed class WorkRunMapping : IEntityTypeConfiguration<WorkRun>
{
    public void Configure(EntityTypeBuilder<WorkRun> builder) => builder.ToTable("work_runs").HasKey(r => r.Name);
}

/// <summary>
/// Keeps the table <c>work_runs</c>, each line in a statement of its own: what a job did must be readable even where the job's own
/// transaction came to nothing.
/// </summary>
public sealed class WorkRuns(NpgsqlDataSource source)
{
    public async Task<DateTimeOffset?> LastStartedAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select last_started from work_runs where name = $1");
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    public Task StartedAsync(string name, DateTimeOffset now, CancellationToken cancellationToken) => ExecuteAsync("""
        insert into work_runs (name, last_started, runs) values ($1, $2, 1)
        on conflict (name) do update set last_started = excluded.last_started, runs = work_runs.runs + 1
        """, [name, now.ToUniversalTime()], cancellationToken);

    public Task FinishedAsync(string name, DateTimeOffset now, string? errorCode, DateTimeOffset next, CancellationToken cancellationToken) => ExecuteAsync("""
        update work_runs set last_finished = $2, last_outcome = $3, last_error_code = $4, failures = failures + $5, next = $6 where name = $1
        """, [name, now.ToUniversalTime(), errorCode is null ? "done" : "failed", errorCode ?? (object)DBNull.Value, errorCode is null ? 0 : 1, next.ToUniversalTime()], cancellationToken);

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
