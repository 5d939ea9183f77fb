using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Consultation.Benchmarks;

/// <summary>
/// What the machine says at one moment: processor time in milliseconds, bytes allocated by the server, statements of its role, bytes
/// PostgreSQL fetched from the disk itself (neither from its buffers nor from the system's cache of files).
/// </summary>
internal sealed record Reading(double App, double Postgres, double Client, long Allocated, long Statements, long FromDisk)
{
    public static readonly Reading Zero = new(0, 0, 0, 0, 0, 0);

    public static Reading operator -(Reading later, Reading earlier) => new(
        later.App - earlier.App, later.Postgres - earlier.Postgres, later.Client - earlier.Client, later.Allocated - earlier.Allocated, later.Statements - earlier.Statements,
        later.FromDisk - earlier.FromDisk);

    public static Reading operator +(Reading one, Reading other) => new(
        one.App + other.App, one.Postgres + other.Postgres, one.Client + other.Client, one.Allocated + other.Allocated, one.Statements + other.Statements,
        one.FromDisk + other.FromDisk);
}

/// <summary>Reads <c>/proc</c>, the <see cref="StartupHook"/> and <c>pg_stat_statements</c>.</summary>
internal sealed class Meter(Database database, string role)
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;

    public async Task<Reading> ReadAsync(ServerProcess server) => new(
        TicksOf(server.Id) * MillisecondsPerTick,
        PostgresTicks() * MillisecondsPerTick,
        TicksOf(Environment.ProcessId) * MillisecondsPerTick,
        Allocated(server),
        database.Counts ? await database.ScalarAsync<long>($"select coalesce(sum(calls), 0)::bigint from benchmark.pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname = '{role}'") : 0,
        FromDisk());

    /// <summary>Resident memory of the process now, in bytes.</summary>
    public static long Resident(int process) => Status(process, "VmRSS:");

    /// <summary>The most it ever was.</summary>
    public static long PeakResident(int process) => Status(process, "VmHWM:");

    private static long Status(int process, string member) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(member, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    private static long Allocated(ServerProcess server)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(server.Meter!));
        var told = new byte[200];
        var length = 0;
        for (int got; (got = socket.Receive(told.AsSpan(length))) > 0; length += got)
        {
        }

        return long.Parse(Encoding.ASCII.GetString(told, 0, length).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Every server process works in the data folder; those that have ended are counted by the first of them, their parent.</summary>
    private long PostgresTicks()
    {
        var first = First();
        return TicksOf(first, ended: true) + ChildrenOf(first).Sum(child => TicksOf(child));
    }

    /// <summary>Connections stay open for the whole operation, so what ended between two looks is some worker of the vacuum.</summary>
    private long FromDisk() => ChildrenOf(First()).Sum(child =>
    {
        try
        {
            return long.Parse(File.ReadLines($"/proc/{child}/io").First(line => line.StartsWith("read_bytes:", StringComparison.Ordinal))["read_bytes:".Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    });

    private int First() => int.Parse(File.ReadLines(Path.Combine(database.DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static IEnumerable<int> ChildrenOf(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static long TicksOf(int process, bool ended = false)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (IOException)
        {
            // A server process that ended between the two looks; its parent counts it from now on.
            return 0;
        }

        // The name stands in brackets and may hold anything; the numbers follow the last one.
        var numbers = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var own = long.Parse(numbers[11], CultureInfo.InvariantCulture) + long.Parse(numbers[12], CultureInfo.InvariantCulture);
        return ended ? own + long.Parse(numbers[13], CultureInfo.InvariantCulture) + long.Parse(numbers[14], CultureInfo.InvariantCulture) : own;
    }
}
