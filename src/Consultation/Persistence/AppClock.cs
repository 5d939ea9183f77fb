using System.Diagnostics;
using Npgsql;

namespace Consultation.Persistence;

/// <summary>
/// The one clock (design §4) as .NET sees it: the database's time plus the shift kept there. Commands read the database's own
/// <c>app_now()</c>; this clock serves what has no transaction – jobs, queries, pages, timers – and follows within a second. A machine whose own clock is wrong
/// must not do the work of another hour, so it is told how far it is off at each look.
/// </summary>
public sealed class AppClock : TimeProvider
{
    /// <summary>Less than this is what an answer takes on its way, and not a wrong clock.</summary>
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(1);
    private long shiftTicks;
    private long offTicks;

    public AppClock() => Machine = new DatabaseMachine(this);

    /// <summary>True where the database is marked as a demo, as of the last look.</summary>
    public bool IsDemo { get; private set; }

    public TimeSpan Shift => new(Interlocked.Read(ref shiftTicks));

    /// <summary>The time of the database's machine without any shift: on it the nodes of a cluster agree, whatever their own machines believe.</summary>
    public TimeProvider Machine { get; }

    public override DateTimeOffset GetUtcNow() => Machine.GetUtcNow() + Shift;

    /// <summary>Reads the shift row; a database without one (not migrated yet) leaves the clock as it is.</summary>
    public async Task RefreshAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select clock_shift, demo, clock_timestamp() from installation", connection);
        var (asked, since) = (System.GetUtcNow(), Stopwatch.GetTimestamp());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            var way = Stopwatch.GetElapsedTime(since);
            var off = new DateTimeOffset(reader.GetDateTime(2), TimeSpan.Zero) - asked - (way / 2);
            Interlocked.Exchange(ref offTicks, off.Duration() > Noise + way ? off.Ticks : 0);
            IsDemo = reader.GetBoolean(1);
            Follow(reader.GetFieldValue<TimeSpan>(0));
        }
    }

    /// <summary>Takes over a shift that this process has just written itself.</summary>
    public void Follow(TimeSpan shift) => Interlocked.Exchange(ref shiftTicks, shift.Ticks);

    private sealed class DatabaseMachine(AppClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref clock.offTicks));
    }
}
