using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace Consultation.Work;

/// <summary>Interrupted: the process was told to stop in the midst of it; what was done stays done, the rest is for the next beat.</summary>
public enum WorkOutcome { Done, Failed, Interrupted }

/// <summary>What a job of the schedule did last: for the work page, for health and for the daily jobs themselves. Times by the one clock, durations as they were.</summary>
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

    /// <summary>How much the last run found to do.</summary>
    public int LastDone { get; private set; }
    public long Runs { get; private set; }
    public long Failures { get; private set; }

    /// <summary>The newest failure, which stays when later runs go well.</summary>
    public string? FailedCode { get; private set; }
    public DateTimeOffset? FailedAt { get; private set; }
    public int FailedInARow { get; private set; }
    public DateTimeOffset? Next { get; private set; }

    /// <summary>The last sign of life, by the clock of the database's machine.</summary>
    public DateTimeOffset? AliveAt { get; private set; }

    /// <summary>Milliseconds of the last runs, the newest first.</summary>
    public int[] TookMs { get; private set; } = [];
}

internal sealed class WorkRunMapping : IEntityTypeConfiguration<WorkRun>
{
    public void Configure(EntityTypeBuilder<WorkRun> builder) => builder.ToTable("work_runs").HasKey(r => r.Name);
}

/// <param name="Failed">Rows that could not be done, with their codes.</param>
public sealed record RunEnd(
    DateTimeOffset At, WorkOutcome Outcome, string? ErrorCode, int Done, DateTimeOffset Next, TimeSpan Took, IReadOnlyDictionary<string, string> Failed);

/// <summary>
/// Keeps the tables <c>work_runs</c> and <c>work_failures</c>, each in a statement of its own: what a job did must be readable even where the job's own
/// transaction came to nothing. Nothing here is given up half way, for then a run would look as if it went on.
/// </summary>
public sealed class WorkRuns(NpgsqlDataSource source)
{
    /// <summary>When a daily job began last; null where it never did, and where that came to nothing, so that the next knock tries again.</summary>
    public async Task<DateTimeOffset?> LastStartedAsync(string name, CancellationToken cancellationToken)
    {
        // Where no end is written down its process works on, or died without one.
        await using var command = source.CreateCommand("""
            select last_started from work_runs
            where name = $1 and case when last_finished >= last_started then last_outcome = 'done' else alive_at > clock_timestamp() - interval '15 minutes' end
            """);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    public Task StartedAsync(string name, DateTimeOffset now) => ExecuteAsync("""
        insert into work_runs (name, last_started, runs, alive_at) values ($1, $2, 1, clock_timestamp())
        on conflict (name) do update set last_started = excluded.last_started, runs = work_runs.runs + 1, alive_at = excluded.alive_at
        """, [name, now.ToUniversalTime()]);

    /// <summary>A sign of life between two batches of a long run.</summary>
    public Task AliveAsync(string name) => ExecuteAsync("update work_runs set alive_at = clock_timestamp() where name = $1", [name]);

    public async Task FinishedAsync(string name, RunEnd end)
    {
        var at = end.At.ToUniversalTime();
        // A run that did not see every row knows nothing of those that failed before.
        if (end.Outcome == WorkOutcome.Done || end.Failed.Count > 0)
        {
            await ExecuteAsync("""
                with failing as (select * from unnest($2::text[], $3::text[]) as f(row_id, code)),
                mended as (delete from work_failures w where job = $1 and not exists (select 1 from failing f where f.row_id = w.row_id))
                insert into work_failures (job, row_id, code, tries, first_at, last_at) select $1, row_id, code, 1, $4, $4 from failing
                on conflict (job, row_id) do update set code = excluded.code, tries = work_failures.tries + 1, last_at = excluded.last_at
                """, [name, end.Failed.Keys.ToArray(), end.Failed.Values.ToArray(), at]);
        }

        await ExecuteAsync("""
            update work_runs set last_finished = $2, last_outcome = $3, last_error_code = $4, last_done = $5, next = $6, alive_at = clock_timestamp(), took_ms = ($7 || took_ms)[1:21],
              failures = failures + ($3 = 'failed')::int,
              failed_in_a_row = case $3 when 'failed' then failed_in_a_row + 1 when 'done' then 0 else failed_in_a_row end,
              failed_code = coalesce($4, failed_code), failed_at = case when $4 is null then failed_at else $2 end
            where name = $1
            """, [name, at, EnumText.Of(end.Outcome), (object?)end.ErrorCode ?? DBNull.Value, end.Done, end.Next.ToUniversalTime(), (int)Math.Min(end.Took.TotalMilliseconds, int.MaxValue)]);
    }

    private async Task ExecuteAsync(string sql, object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value == DBNull.Value ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text } : new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
