using System.Diagnostics;
using System.Runtime.Versioning;
using Consultation.Persistence;
using Npgsql;

namespace Consultation.Tests.Persistence;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateClusterTests : IDisposable
{
    private static readonly PrivateClusterOptions Quick = new(Durable: false);
    private readonly string parent = Directory.CreateTempSubdirectory("consultation-cluster-").FullName;

    public PrivateClusterTests() => Permit(parent, everyone: true);

    private string Folder => Path.Combine(parent, "data");

    public void Dispose() => Directory.Delete(parent, recursive: true);

    [Fact]
    public async Task A_new_folder_becomes_a_cluster_with_owner_and_runtime_role()
    {
        await using var cluster = await PrivateCluster.OpenAsync(Folder, Quick);

        Assert.True(cluster.StartedByUs);
        Assert.Null(cluster.Notice);
        Assert.Equal("consultation_owner", await AskAsync(cluster.OwnerConnectionString, "select current_user::text"));
        Assert.Equal("consultation_app", await AskAsync(cluster.AppConnectionString, "select current_user::text"));
        Assert.Equal("consultation_owner", await AskAsync(cluster.AppConnectionString,
            "select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()"));
        Assert.Equal("btree_gist", await AskAsync(cluster.AppConnectionString, "select extname::text from pg_extension where extname = 'btree_gist'"));
        Assert.Equal("UTF8 127.0.0.1", await AskAsync(cluster.AppConnectionString,
            "select current_setting('server_encoding') || ' ' || current_setting('listen_addresses')"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(cluster.AppConnectionString, "create table stray (id int)"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Passwords_are_readable_by_their_owner_only()
    {
        await using var cluster = await PrivateCluster.OpenAsync(Folder, Quick);

        var readable = Directory.GetFiles(Folder).Where(file => (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0);
        Assert.Empty(readable);
        Assert.Contains(new NpgsqlConnectionStringBuilder(cluster.OwnerConnectionString).Password!, await File.ReadAllTextAsync(Path.Combine(Folder, "passwords.json")));
        Assert.False(File.Exists(Path.Combine(cluster.Location, "initial")));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_the_address_stays_the_same()
    {
        string address;
        await using (var first = await PrivateCluster.OpenAsync(Folder, Quick))
        {
            address = first.OwnerConnectionString;
            await AskAsync(address, "create table kept (word text); insert into kept values ('相談'); select 'done'");
        }

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(address, "select 'still up'"));
        await using var second = await PrivateCluster.OpenAsync(Folder, Quick);
        Assert.Equal(address, second.OwnerConnectionString);
        Assert.Equal("相談", await AskAsync(second.OwnerConnectionString, "select word from kept"));
    }

    [Fact]
    public async Task The_second_to_open_leaves_a_running_cluster_running()
    {
        await using var first = await PrivateCluster.OpenAsync(Folder, Quick);
        await using (var second = await PrivateCluster.OpenAsync(Folder, Quick))
        {
            Assert.False(second.StartedByUs);
        }

        Assert.Equal("up", await AskAsync(first.AppConnectionString, "select 'up'"));
    }

    [Fact]
    public async Task The_last_to_leave_stops_a_cluster_whose_starter_has_left()
    {
        var starter = await PrivateCluster.OpenAsync(Folder, Quick);
        var other = await PrivateCluster.OpenAsync(Folder, Quick);
        await starter.DisposeAsync();
        Assert.Equal("up", await AskAsync(other.AppConnectionString, "select 'up'"));

        await other.DisposeAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(other.AppConnectionString, "select 'up'"));
    }

    [Fact]
    public async Task Many_who_open_a_new_folder_at_once_share_one_cluster()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PrivateCluster.OpenAsync(Folder, Quick))));

        Assert.Single(opened, cluster => cluster.StartedByUs);
        Assert.Single(opened.Select(cluster => cluster.AppConnectionString).Distinct());
        foreach (var cluster in opened)
        {
            await cluster.DisposeAsync();
        }

        Assert.False(File.Exists(Path.Combine(opened[0].Location, "data", "postmaster.pid")));
    }

    [Fact]
    public async Task A_cluster_killed_with_all_its_processes_opens_again_with_its_data()
    {
        var killed = await PrivateCluster.OpenAsync(Folder);
        await AskAsync(killed.OwnerConnectionString, "create table kept as select 1 as id; select 'done'");
        KillAllIn(killed.Location);

        await using var again = await PrivateCluster.OpenAsync(Folder);
        Assert.True(again.StartedByUs);
        Assert.Equal("1", await AskAsync(again.OwnerConnectionString, "select id::text from kept"));
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_a_living_stranger_does_not_prevent_the_start()
    {
        var killed = await PrivateCluster.OpenAsync(Folder, Quick);
        var pidFile = Path.Combine(killed.Location, "data", "postmaster.pid");
        KillAllIn(killed.Location);
        var lines = await File.ReadAllLinesAsync(pidFile);
        lines[0] = $"{Environment.ProcessId}";
        await File.WriteAllLinesAsync(pidFile, lines);

        await using var again = await PrivateCluster.OpenAsync(Folder, Quick);
        Assert.True(again.StartedByUs);
        Assert.Equal("up", await AskAsync(again.AppConnectionString, "select 'up'"));
    }

    [Fact]
    public async Task An_interrupted_initialisation_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "cluster", "draft"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "cluster", "draft", "PG_VERSION"), "half");

        await using var cluster = await PrivateCluster.OpenAsync(Folder, Quick);
        Assert.Equal("up", await AskAsync(cluster.AppConnectionString, "select 'up'"));
    }

    [Fact]
    public async Task Lost_server_files_are_reported_and_not_replaced_by_an_empty_database()
    {
        await using (var cluster = await PrivateCluster.OpenAsync(Folder, Quick))
        {
        }

        Directory.Delete(Path.Combine(Folder, "cluster", "data"), recursive: true);
        var refused = await Assert.ThrowsAsync<ClusterUnavailable>(() => PrivateCluster.OpenAsync(Folder, Quick));
        Assert.Contains("なくなっています", refused.Message);
    }

    [Fact]
    public async Task Under_a_parent_that_only_root_may_enter_the_cluster_stands_elsewhere_and_says_so()
    {
        Permit(parent, everyone: false);
        var cluster = await PrivateCluster.OpenAsync(Folder, Quick);
        var location = cluster.Location;
        Assert.Equal("up", await AskAsync(cluster.AppConnectionString, "select 'up'"));

        // Only root hands the server to another user; everybody else may enter their own folder.
        if (Environment.IsPrivilegedProcess)
        {
            Assert.StartsWith("/var/tmp/consultation-", location);
            Assert.Contains(location, cluster.Notice);
            await cluster.DisposeAsync();
            await using (var again = await PrivateCluster.OpenAsync(Folder, Quick))
            {
                Assert.Equal(location, again.Location);
            }

            Directory.Delete(location, recursive: true);
        }
        else
        {
            Assert.Null(cluster.Notice);
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public void A_missing_server_is_answered_with_the_line_that_mends_it()
    {
        var missing = Assert.Throws<ClusterUnavailable>(() => PostgresBinaries.Find(null, Path.Combine(parent, "none"), parent));
        Assert.Contains("apt-get install postgresql", missing.Message);
    }

    [Fact]
    public void The_configured_folder_comes_before_the_newest_installed_one_and_that_before_the_path()
    {
        var configured = Programs("configured");
        var path = Programs("path");
        Programs("root/9.6/bin");
        var newest = Programs("root/17/bin");

        Assert.Equal(configured, PostgresBinaries.Find(configured, Path.Combine(parent, "root"), path).Folder);
        Assert.Equal(newest, PostgresBinaries.Find(null, Path.Combine(parent, "root"), path).Folder);
        Assert.Equal(path, PostgresBinaries.Find(null, Path.Combine(parent, "none"), $"{parent}:{path}").Folder);
        Assert.Throws<ClusterUnavailable>(() => PostgresBinaries.Find(parent, Path.Combine(parent, "root"), path));
    }

    private string Programs(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
        {
            File.WriteAllText(Path.Combine(folder, program), "");
        }

        return folder;
    }

    private static void KillAllIn(string location)
    {
        var data = Path.Combine(location, "data");
        var servers = Process.GetProcesses().Where(process => CwdOf(process.Id) == data).ToList();
        Assert.NotEmpty(servers);
        servers.ForEach(server => server.Kill());
        servers.ForEach(server => server.WaitForExit());
    }

    private static string? CwdOf(int id)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<string> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Timeout=5");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static void Permit(string folder, bool everyone)
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (everyone)
        {
            mode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        File.SetUnixFileMode(folder, mode);
    }
}
