using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>
/// One installation of a scenario: its own database, the processes that serve and work on it, its mail server, the clients' ledger and what was found.
/// </summary>
internal sealed class House : IAsyncDisposable
{
    /// <summary>Two minutes (<c>LeaseMail</c>), and a little.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(125);
    private readonly Rig rig;
    private readonly string name;
    private readonly VisitedCases before;
    private readonly List<Server> processes = [];
    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Stopwatch watch = Stopwatch.StartNew();

    private bool stays;
    private DateTimeOffset drained = DateTimeOffset.MaxValue;

    /// <param name="before">What the database was filled with.</param>
    public House(Rig rig, string name, Findings findings, Func<MailScript> mail, VisitedCases before)
    {
        (this.rig, this.name, this.before, Findings) = (rig, name, before, findings);
        Database = rig.Postgres.Named(DatabaseName);
        Folder = Path.Combine(rig.Folder, name);
        Directory.CreateDirectory(Folder);
        Ledger = new(Path.Combine(Folder, "ledger.tsv"));
        Mail = new(mail);
    }

    public string Folder { get; }

    public Database Database { get; }

    public Findings Findings { get; }

    public Outages Outages { get; } = new();

    public ClientLedger Ledger { get; }

    public MailPeer Mail { get; }

    public string DatabaseName => DatabaseOf(name);

    public IReadOnlyList<Entry> Entries => [.. before.Entries, .. Ledger.Entries];

    public Dictionary<string, string> Settings => rig.Postgres.SettingsFor(DatabaseName);

    public static string DatabaseOf(string house) => $"faults_{house.Replace('-', '_')}";

    /// <summary>Its database is not dropped at the end: it will be copied.</summary>
    public void Stay() => stays = true;

    public void Say(string what) => Console.WriteLine($"{rig.Elapsed:mm\\:ss} {name}: {what}");

    /// <param name="databasePort">Of a proxy before PostgreSQL.</param>
    public Server Web(int? databasePort = null) => Add("web", rig.Postgres.SettingsFor(DatabaseName, databasePort));

    /// <param name="patience">For one mail, in seconds.</param>
    /// <param name="more">Further settings of this process alone.</param>
    public Server Worker(double patience = 10, int? databasePort = null, IReadOnlyDictionary<string, string>? more = null)
    {
        var settings = rig.Postgres.SettingsFor(DatabaseName, databasePort);
        foreach (var (key, value) in Mail.SettingsIn(Folder, patience).Concat(more ?? new Dictionary<string, string>()))
        {
            settings[key] = value;
        }

        return Add("worker", settings);
    }

    public async Task<Server> StartAsync(Server server)
    {
        server.Start();
        await server.ReadyAsync();
        return server;
    }

    public Caller Caller(params string[] addresses) => new(http, addresses, rig.Token, Outages, Ledger, Findings);

    /// <summary>kill -9, a moment of nobody, and up again.</summary>
    public Task KillAndStartAsync(Server server, int pause) => Outages.DuringAsync(async () =>
    {
        server.Kill();
        await Task.Delay(pause);
        await StartAsync(server);
    });

    /// <summary>
    /// The leases of whoever is no more run out: in the whole run by waiting for it; the slice ages them instead, which is the same to the product, for nothing else
    /// is judged by that clock.
    /// </summary>
    public async Task OutliveLeasesAsync()
    {
        if (rig.IsWhole)
        {
            await Task.Delay(Lease);
            return;
        }

        await AgeLeasesAsync();
    }

    /// <summary>Leases that have not been answered run out now.</summary>
    public Task AgeLeasesAsync() => Database.DoAsync("""
            update outgoing_mail set lease_until = lease_until - interval '2 minutes'
            where id in (select id from outgoing_mail where lease_until > clock_timestamp() for update skip locked)
            """);

    /// <summary>Asks every quarter of a second until the count is nought.</summary>
    /// <returns>False where time ran out before.</returns>
    public async Task<bool> NoneLeftAsync(string count, TimeSpan patience, Func<Task>? between = null)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < patience; await Task.Delay(250))
        {
            if (await Database.CountAsync(count) == 0)
            {
                return true;
            }

            await (between?.Invoke() ?? Task.CompletedTask);
        }

        return false;
    }

    /// <summary>Lets everything that waits go out, the clock running ahead so that mails that were put off come to their turn.</summary>
    /// <param name="rings">As a node does that has written mail; else the worker's own beat has to do.</param>
    /// <param name="besidesLocked">But for mails that somebody's transaction has locked.</param>
    public async Task DrainMailAsync(TimeSpan patience, string step = "20 minutes", bool rings = true, bool besidesLocked = false)
    {
        var left = $"select count(*) from (select id from outgoing_mail where state in ('waiting', 'attempting', 'deferred'){(besidesLocked ? " for update skip locked" : "")}) still";
// Only while nothing is due: every minute that is put forward wakes all jobs.
        var turn = $"""
            update installation set clock_shift = clock_shift + interval '{step}'
            where not exists (select 1 from outgoing_mail where state in ('waiting', 'attempting', 'deferred') and next_attempt_at <= app_now()){(rings ? "; select pg_notify('consultation_mail', 'faults')" : "")}
            """;
        if (!await NoneLeftAsync(left, patience, () => Database.DoAsync(turn)))
        {
            Findings.Add($"mail was not all brought to an end in {patience.TotalSeconds:0} s: {string.Join(", ", await Database.RowsAsync("select state, count(*)::int from outgoing_mail group by 1 order by 1", r => $"{r.GetString(0)} {r.GetInt32(1)}"))}");
        }

        drained = await Database.NowAsync();
    }

    /// <summary>The checker of the product, and ledger × database × received mail × audit.</summary>
    public async Task JudgeAsync()
    {
        foreach (var process in processes)
        {
            if (!await process.StopAsync())
            {
                Findings.Add("a process that was asked to stop was still there after half a minute");
            }
        }

        var (code, said) = await rig.Build.DoAsync(Settings, "check");
        if (code != 0)
        {
            Findings.Add($"check: {said}");
        }

        await Judge.CompareAsync(Database, Entries, Findings);
        await MailJudge.CompareAsync(Database, Mail, before.Letters, drained, Ledger.Entries, Outages, Findings);
        await AuditJudge.CompareAsync(Database, Entries, Findings);
        Say($"{watch.Elapsed.TotalSeconds:0} s, {Outages.Count} faults: {Findings}");
    }

    public async ValueTask DisposeAsync()
    {
        processes.ForEach(process => process.Dispose());
        http.Dispose();
        Ledger.Dispose();
        await Mail.DisposeAsync();
        if (!Findings.Any && !stays)
        {
            await rig.Postgres.DropAsync(DatabaseName);
        }
    }

    private Server Add(string role, IReadOnlyDictionary<string, string> settings)
    {
        var server = new Server(rig.Build, ["--role", role], settings, Path.Combine(Folder, $"{role}{processes.Count}.log"), rig.NextPort());
        processes.Add(server);
        return server;
    }
}
