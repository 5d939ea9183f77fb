using System.Diagnostics;
using Consultation.Persistence;
using Npgsql;

namespace Consultation.Faults;

/// <summary>The private PostgreSQL of a run, and the databases on it.</summary>
internal sealed class Postgres(string folder) : IAsyncDisposable
{
    private readonly List<PrivateCluster> memberships = [];

    private PrivateCluster Cluster => memberships[^1];

    /// <summary>The folder of the server's own files; elsewhere than the data folder where its user cannot enter that.</summary>
    public string Location => Cluster.Location;

    /// <summary>The one that a data folder names.</summary>
    public Database Main => Named(PrivateCluster.Database);

    public Database Named(string database) => new(() => AsSuperuser(database));

    public async Task StartAsync() => memberships.Add(await PrivateCluster.OpenAsync(folder));

    /// <summary>Stops without a word to its clients: SIGQUIT is an immediate stop, SIGINT a fast one, SIGKILL a crash.</summary>
    public async Task StopAsync(string signal)
    {
        var pid = (await File.ReadAllLinesAsync(Path.Combine(Cluster.Location, "data", "postmaster.pid")))[0];
        using var kill = Process.Start("kill", ["-s", signal, pid])!;
        await kill.WaitForExitAsync();
        for (var waited = Stopwatch.StartNew(); Directory.Exists($"/proc/{pid}") && waited.Elapsed < TimeSpan.FromSeconds(30);)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>Another database with the same content, in the time that copying files takes.</summary>
    public async Task CopyAsync(string template, string name)
    {
        // A template may have no sessions; those of killed processes end by themselves, but not at once.
        await Named(template).DoAsync(Database.EndAllSessions);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Named("postgres").DoAsync($"create database {name} template {template} owner {PrivateCluster.OwnerRole}");
                return;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 40)
            {
                await Task.Delay(250);
            }
        }
    }

    public Task DropAsync(string name) => Named("postgres").DoAsync($"drop database if exists {name} with (force)");

    /// <summary>How the product is told to use a database.</summary>
    /// <param name="port">Of a proxy before the server; null for the server itself.</param>
    public Dictionary<string, string> SettingsFor(string database, int? port = null)
    {
        string On(string connection)
        {
            var wanted = new NpgsqlConnectionStringBuilder(connection) { Database = database, SslMode = SslMode.Disable };
            wanted.Port = port ?? wanted.Port;
            return wanted.ConnectionString;
        }

        return new() { ["ConnectionStrings__Consultation"] = On(Cluster.AppConnectionString), ["ConnectionStrings__ConsultationOwner"] = On(Cluster.OwnerConnectionString) };
    }

    /// <summary>How the programs of PostgreSQL (psql, pg_dump) are told to use a database, as its superuser.</summary>
    public Dictionary<string, string> ProgramSettingsFor(string database)
    {
        var to = AsSuperuser(database);
        return new() { ["PGHOST"] = to.Host!, ["PGPORT"] = $"{to.Port}", ["PGUSER"] = to.Username!, ["PGPASSWORD"] = to.Password!, ["PGDATABASE"] = database };
    }

    public int Port => AsSuperuser("postgres").Port;

    public async ValueTask DisposeAsync()
    {
        foreach (var membership in memberships)
        {
            await membership.DisposeAsync();
        }
    }

    private NpgsqlConnectionStringBuilder AsSuperuser(string database) => new(Cluster.SuperuserConnectionString) { Database = database, Pooling = false };
}
