using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Consultation.Faults;

/// <summary>What all scenarios of a run share: the published build, one durable PostgreSQL, and prepared databases that are copied.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private const string Empty = "consultation";
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly SemaphoreSlim copying = new(1);
    private readonly Lazy<Task<VisitedCases>> visited;
    private int port;

    private Rig(RunOptions options, Build build, Postgres postgres)
    {
        (Options, Build, Postgres, port) = (options, build, postgres, options.Port);
        visited = new(() => VisitedCases.MakeAsync(this));
    }

    public RunOptions Options { get; }

    public Build Build { get; }

    public Postgres Postgres { get; }

    public string Token { get; private set; } = "";

    public int Seed => Options.Seed;

    /// <summary>False in the slice of the test command: the same faults, fewer and shorter.</summary>
    public bool IsWhole => Options.IsWhole;

    public string Folder => Options.Folder;

    public TimeSpan Elapsed => watch.Elapsed;

    /// <summary>How much of something: in the slice, in the whole run.</summary>
    public int Much(int slice, int whole) => IsWhole ? whole : slice;

    public static async Task<Rig> OpenAsync(RunOptions options)
    {
        Directory.CreateDirectory(options.Folder);
        var build = await Build.FindAsync(options.Product);
        var data = Path.Combine(options.Folder, "data");
        var postgres = new Postgres(data);
        await postgres.StartAsync();
        var rig = new Rig(options, build, postgres);
        try
        {
            rig.Token = await Prepared.AsEmptyAsync(build, data, postgres, Path.Combine(options.Folder, "prepare.log"), rig.NextPort());
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }

        return rig;
    }

    /// <summary>An installation with desks and nothing else, its clock standing on the working day on which the demo begins.</summary>
    public Task<House> EmptyHouseAsync(string name, Findings findings, Func<MailScript>? mail = null) => HouseAsync(Empty, name, Prepared.Begin, findings, mail, new());

    /// <summary>One with cases whose consultation took place (<see cref="VisitedCases"/>): hundreds or thousands of things fall due months later.</summary>
    /// <param name="time">On the day on which all are due, as SQL reads it.</param>
    public async Task<House> VisitedHouseAsync(string name, string time, Findings findings, Func<MailScript>? mail = null)
    {
        var before = await visited.Value;
        return await HouseAsync(House.DatabaseOf("visited"), name, $"{VisitedCases.AllDue} {time}+09", findings, mail, before);
    }

    /// <summary>A port below those that the system gives to outgoing connections, so that a process that was killed finds its own again.</summary>
    public int NextPort()
    {
        while (true)
        {
            var tried = Interlocked.Increment(ref port) - 1;
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, tried);
                probe.Start();
                return tried;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        copying.Dispose();
    }

    private async Task<House> HouseAsync(string template, string name, string clock, Findings findings, Func<MailScript>? mail, VisitedCases before)
    {
        await copying.WaitAsync();
        try
        {
            await Postgres.CopyAsync(template, House.DatabaseOf(name));
        }
        finally
        {
            copying.Release();
        }

        var house = new House(this, name, findings, mail ?? (() => MailScript.Good), before);
        await house.Database.SetClockAsync(clock);
        return house;
    }
}
