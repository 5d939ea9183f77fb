using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Consultation.Persistence;

/// <param name="Durable">False turns off fsync and synchronous commit: for tests, whose data nobody keeps.</param>
/// <param name="OutsideAllowed">False refuses to keep the cluster outside the data folder.</param>
public sealed record PrivateClusterOptions(bool Durable = true, bool OutsideAllowed = true);

/// <summary>
/// A PostgreSQL server of our own in a data folder: made on first use, reachable on the loopback address only, with the roles
/// <c>consultation_owner</c> (owns database and schema) and <c>consultation_app</c> (runs the product). Any number of processes may open
/// the same folder at once; the last to leave stops the server, unless somebody started it by hand.
/// Source: design §5 (owner and runtime role), §6 (command line); stack.md "PostgreSQL".
/// </summary>
public sealed partial class PrivateCluster : IAsyncDisposable
{
    public const string Database = "consultation";
    public const string OwnerRole = "consultation_owner";
    public const string AppRole = "consultation_app";
    private const string Superuser = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClusterFolder folder;
    private readonly ClusterFolder.Secrets secrets;
    private readonly ClusterUser user;
    private readonly PostgresBinaries binaries;
    private readonly PrivateClusterOptions options;
    private FileStream? membership;
    private int port;

    private PrivateCluster(ClusterFolder folder, ClusterUser user, PostgresBinaries binaries, PrivateClusterOptions options)
    {
        (this.folder, this.user, this.binaries, this.options) = (folder, user, binaries, options);
        secrets = folder.ReadOrMakeSecrets();
    }

    public string OwnerConnectionString => Connection(OwnerRole, secrets.Owner, Database);

    public string AppConnectionString => Connection(AppRole, secrets.App, Database);

    /// <summary>For making and dropping databases (tests, restore); the product itself never uses it.</summary>
    public string SuperuserConnectionString => Connection(Superuser, secrets.Superuser, "postgres");

    public bool StartedByUs { get; private set; }

    /// <summary>The folder of the server's own files.</summary>
    public string Location => folder.Cluster;

    /// <summary>Set when the server's files could not stand in the data folder: a Japanese sentence that says where they are.</summary>
    public string? Notice => folder.IsElsewhere
        ? $"データ用フォルダー {folder.Root} には利用者 {user.Name} が入れないため、PostgreSQL のファイルは {folder.Cluster} に置いています。"
        : null;

    /// <summary>Opens the cluster of a data folder; makes and starts it when needed.</summary>
    /// <exception cref="ClusterUnavailable">Programs are missing, or the server does not come up within a minute.</exception>
    public static async Task<PrivateCluster> OpenAsync(
        string folder, PrivateClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var layout = new ClusterFolder(folder);
        using var opening = await layout.LockForOpeningAsync(cancellationToken);
        var cluster = new PrivateCluster(layout, ClusterUser.Choose(), PostgresBinaries.Find(), options ?? new());
        if (!await cluster.IsRunningAsync(cancellationToken))
        {
            await cluster.InitialiseAsync(cancellationToken);
            await cluster.StartAsync(cancellationToken);
        }

        if (!layout.IsProvisioned)
        {
            await cluster.ProvisionAsync(cancellationToken);
            layout.MarkProvisioned();
        }

        cluster.membership = layout.JoinUsers();
        return cluster;
    }

    /// <summary>Stops the server at once for everybody, whoever started it. Nothing happens when it is stopped already.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using var closing = await folder.LockForOpeningAsync(cancellationToken);
        Leave();
        await HaltAsync(cancellationToken);
    }

    /// <summary>Leaves the cluster; the last to leave stops a server that the product started, also one whose starter was killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (membership is null)
        {
            return;
        }

        using var closing = await folder.LockForOpeningAsync(CancellationToken.None);
        Leave();
        if (folder.LastOneStops && !folder.HasUsers())
        {
            await HaltAsync(CancellationToken.None);
        }
    }

    private void Leave()
    {
        membership?.Dispose();
        membership = null;
    }

    private async Task HaltAsync(CancellationToken cancellationToken)
    {
        folder.LetLastOneStop(false);
        foreach (var connection in new[] { OwnerConnectionString, AppConnectionString, SuperuserConnectionString })
        {
            await using var pooled = new NpgsqlConnection(connection);
            NpgsqlConnection.ClearPool(pooled);
        }

        if (!File.Exists(Path.Combine(folder.Data, "postmaster.pid")))
        {
            return;
        }

        await user.MustRunAsync(binaries.PgCtl, ["stop", "-D", folder.Data, "-m", "fast", "-w", "-t", "60"], cancellationToken);
    }

    /// <summary>
    /// Waits out a server that is starting, recovering or stopping. What <c>postmaster.pid</c> claims is believed only when a process
    /// really works in the data folder: after a kill -9 or in a new container its process id may belong to a stranger, and PostgreSQL
    /// would then refuse to start.
    /// </summary>
    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(folder.Data, "postmaster.pid");
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(100))
        {
            var lines = File.Exists(pidFile) ? await File.ReadAllLinesAsync(pidFile, cancellationToken) : [];
            if (lines.Length >= 4 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out port) && await AnswersAsync(cancellationToken))
            {
                return true;
            }

            if (!ClusterProcesses.AnyIn(folder.Data, lines))
            {
                if (lines.Length > 0)
                {
                    File.Delete(pidFile);
                }

                return false;
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new ClusterUnavailable($"PostgreSQL が動いていますが応答しません。記録: {folder.Log}");
    }

    /// <summary>That our random password is accepted shows that the server at this port is ours and not a stranger's.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Connection(Superuser, secrets.Superuser, "postgres") + ";Timeout=5;Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            return false;
        }
    }

    private async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        if (folder.IsInitialised)
        {
            return;
        }

        if (folder.IsProvisioned)
        {
            throw new ClusterUnavailable($"PostgreSQL のデータ {folder.Data} がなくなっています。控えから戻すか、{folder.Root} を消してやり直してください。");
        }

        await PrepareLocationAsync(cancellationToken);
        if (!await user.CanExecuteAsync(binaries.Initdb, cancellationToken))
        {
            throw new ClusterUnavailable($"利用者 {user.Name} は {binaries.Folder} のプログラムを実行できません。読める場所に PostgreSQL を入れてください。");
        }

        // An interrupted initdb leaves only the draft; the rename is what makes it a cluster.
        var draft = Path.Combine(folder.Cluster, "draft");
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        var passwordFile = Path.Combine(folder.Cluster, "initial");
        await File.WriteAllTextAsync(passwordFile, secrets.Superuser, cancellationToken);
        await user.OwnAsync(folder.Cluster, cancellationToken);
        await user.MustRunAsync(
            binaries.Initdb,
            ["-D", draft, "-E", "UTF8", "--locale=C.UTF-8", "-U", Superuser, "-A", "scram-sha-256", "--pwfile", passwordFile,
             .. options.Durable ? Array.Empty<string>() : ["--no-sync"]],
            cancellationToken);
        File.Delete(passwordFile);
        Directory.Move(draft, folder.Data);
    }

    private async Task PrepareLocationAsync(CancellationToken cancellationToken)
    {
        MakePrivate(folder.Cluster);
        await user.OwnAsync(folder.Cluster, cancellationToken);
        if (await user.CanWriteAsync(folder.Cluster, cancellationToken))
        {
            return;
        }

        if (!options.OutsideAllowed)
        {
            throw new ClusterUnavailable($"利用者 {user.Name} は {folder.Root} に入れません。上位のフォルダーの権限を確かめてください。");
        }

        Directory.Delete(folder.Cluster);
        await SetAsideAsync(folder.Outside, cancellationToken);
        MakePrivate(folder.Outside);
        folder.KeepElsewhere();
        await user.OwnAsync(folder.Cluster, cancellationToken);
    }

    /// <summary>A cluster of an earlier data folder at the same path: its passwords are gone, but it is not ours to delete.</summary>
    private async Task SetAsideAsync(string place, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(place))
        {
            return;
        }

        if (File.Exists(Path.Combine(place, "data", "postmaster.pid")))
        {
            await user.RunAsync(binaries.PgCtl, ["stop", "-D", Path.Combine(place, "data"), "-m", "fast", "-w"], cancellationToken);
        }

        Directory.Move(place, $"{place}-{Path.GetRandomFileName()}");
    }

    private static void MakePrivate(string place)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(place);
            return;
        }

        Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var said = "";
        for (var attempt = 0; attempt < 5; attempt++)
        {
            port = attempt == 0 && folder.Port is { } last && IsFree(last) ? last : FreePort();
            (var code, said) = await user.RunAsync(
                binaries.PgCtl,
                ["start", "-D", folder.Data, "-l", folder.Log, "-w", "-t", "60", "-s", "-o", Settings()],
                cancellationToken);
            if (code == 0)
            {
                folder.KeepPort(port);
                folder.LetLastOneStop(true);
                StartedByUs = true;
                return;
            }

            await Task.Delay(500, cancellationToken);
        }

        throw new ClusterUnavailable($"PostgreSQL を起動できません。{said} 記録: {folder.Log}");
    }

    /// <summary>The server's log keeps neither statements nor the values in error details: they are personal data.</summary>
    private string Settings()
    {
        var durable = options.Durable ? "" : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        return $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c timezone=UTC"
            + " -c log_timezone=UTC -c log_error_verbosity=terse -c log_min_error_statement=panic -c log_parameter_max_length_on_error=0"
            + durable + (options.Durable ? $" -c shared_buffers={BuffersInMegabytes()}MB -c max_wal_size=4GB" : "");
    }

    /// <summary>A sixteenth of the memory of the machine or container: it is shared with the product, and the files are cached by the system as well.</summary>
    private static long BuffersInMegabytes() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16 / (1024 * 1024), 128, 2048);

    private string Connection(string role, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = role,
            Password = password,
            Database = database,
        }.ConnectionString;

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
