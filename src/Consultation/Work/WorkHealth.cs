using Consultation.Staff;
using Npgsql;

namespace Consultation.Work;

/// <summary>Whether the background work goes on, for whoever watches the product from outside. Names and codes only.</summary>
/// <param name="Late">Jobs that should have run by now (<see cref="When.IsLate"/>).</param>
/// <param name="Failing">Jobs that failed three times in a row or more.</param>
/// <param name="MailIsHeld">Nothing goes out until somebody releases it.</param>
/// <param name="MailFault">Why the mail server takes nothing; null where it does.</param>
public sealed record WorkHealth(IReadOnlyList<string> Late, IReadOnlyList<string> Failing, bool MailIsHeld, string? MailFault)
{
    private const int Often = 3;

    public static async Task<WorkHealth> ReadAsync(NpgsqlDataSource source, DeskBook desks, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<string, (DateTimeOffset? Next, TimeSpan? Silence, int InARow)>();
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new("select app_now(), clock_timestamp() - seeded_at, mail_held, (select fault from mail_server) from installation"));
        batch.BatchCommands.Add(new("select name, next, clock_timestamp() - alive_at, failed_in_a_row from work_runs"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (now, age, held, fault) = (At(reader, 0)!.Value, await SpanAsync(1), reader.GetBoolean(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            runs[reader.GetString(0)] = (At(reader, 1), await SpanAsync(2), reader.GetInt32(3));
        }

        var office = OfficeHours.Of(await desks.ReadAsync(cancellationToken));
        return new(
            [.. Schedule.Jobs.Where(job => runs.GetValueOrDefault(job.Name) is var run && job.When.IsLate(now, run.Next, run.Silence ?? age, office)).Select(job => job.Name)],
            [.. Schedule.Jobs.Where(job => runs.TryGetValue(job.Name, out var run) && run.InARow >= Often).Select(job => job.Name)],
            held, fault);

        async Task<TimeSpan?> SpanAsync(int column) => await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetTimeSpan(column);
    }

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column), TimeSpan.Zero);
}
