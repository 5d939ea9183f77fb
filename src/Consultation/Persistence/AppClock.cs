using Npgsql;

namespace Consultation.Persistence;

/// <summary>
/// The one clock (design §4) as .NET sees it: the machine's time plus the shift kept in the database. Commands read the database's own
/// <c>app_now()</c>; this clock serves what has no transaction – queries, pages, timers – and follows the shift row within a second.
/// </summary>
public sealed class AppClock : TimeProvider
{
    private long shiftTicks;

    /// <summary>True where the database is marked as a demo, as of the last look.</summary>
    public bool IsDemo { get; private set; }

    public TimeSpan Shift => new(Interlocked.Read(ref shiftTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;

    /// <summary>Reads the shift row; a database without one (not migrated yet) leaves the clock as it is.</summary>
    public async Task RefreshAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select clock_shift, demo from installation");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            IsDemo = reader.GetBoolean(1);
            Follow(reader.GetFieldValue<TimeSpan>(0));
        }
    }

    /// <summary>Takes over a shift that this process has just written itself.</summary>
    public void Follow(TimeSpan shift) => Interlocked.Exchange(ref shiftTicks, shift.Ticks);
}
