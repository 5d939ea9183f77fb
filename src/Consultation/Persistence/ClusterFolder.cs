using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Consultation.Persistence;

/// <summary>
/// What a data folder holds beside the cluster itself: passwords (0600), the port last used, where the cluster stands,
/// and two lock files. <c>open.lock</c> is held while someone opens or closes; <c>use.lock</c> is shared by all who use the cluster.
/// </summary>
internal sealed class ClusterFolder
{
    private const string OutsideRoot = "/var/tmp";

    public ClusterFolder(string folder)
    {
        Root = Path.GetFullPath(folder);
        Directory.CreateDirectory(Root);
    }

    internal sealed record Secrets(string Superuser, string Owner, string App);

    public string Root { get; }

    /// <summary>The folder of the cluster's user, which holds <c>data</c> and <c>log</c>.</summary>
    public string Cluster => Read("cluster-location") ?? Path.Combine(Root, "cluster");

    public string Data => Path.Combine(Cluster, "data");

    public string Log => Path.Combine(Cluster, "log");

    public bool IsInitialised => File.Exists(Path.Combine(Data, "PG_VERSION"));

    public bool IsElsewhere => Read("cluster-location") is not null;

    public bool IsProvisioned => File.Exists(In("provisioned"));

    /// <summary>True while a server runs that the product started: the last to leave stops it.</summary>
    public bool LastOneStops => File.Exists(In("last-one-stops"));

    public int? Port => int.TryParse(Read("port"), CultureInfo.InvariantCulture, out var port) ? port : null;

    /// <summary>Where a cluster stands whose user cannot enter the data folder; the name is made from the data folder's path.</summary>
    public string Outside =>
        Path.Combine(OutsideRoot, "consultation-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12]);

    public void KeepElsewhere() => Write("cluster-location", Outside);

    public void KeepPort(int port) => Write("port", port.ToString(CultureInfo.InvariantCulture));

    public void MarkProvisioned() => Write("provisioned", "");

    public void LetLastOneStop(bool stop)
    {
        if (stop)
        {
            Write("last-one-stops", "");
        }
        else
        {
            File.Delete(In("last-one-stops"));
        }
    }

    public Secrets ReadOrMakeSecrets()
    {
        var path = In("passwords.json");
        if (File.Exists(path))
        {
            return JsonSerializer.Deserialize<Secrets>(File.ReadAllText(path))
                ?? throw new ClusterUnavailable($"{path} が壊れています。");
        }

        var secrets = new Secrets(NewPassword(), NewPassword(), NewPassword());
        Write("passwords.json", JsonSerializer.Serialize(secrets));
        return secrets;
    }

    public async Task<FileStream> LockForOpeningAsync(CancellationToken cancellationToken)
    {
        for (var waited = 0; ; waited += 50)
        {
            if (TryLock("open.lock", FileShare.None) is { } taken)
            {
                return taken;
            }

            if (waited > 120_000)
            {
                throw new ClusterUnavailable($"別の処理が {Root} を開いたままです。その処理の終了を待ってからやり直してください。");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>The shared lock of one user of the cluster. Taken and given back only while the opening lock is held.</summary>
    public FileStream JoinUsers() =>
        TryLock("use.lock", FileShare.Read) ?? throw new ClusterUnavailable($"{In("use.lock")} を開けません。");

    public bool HasUsers()
    {
        using var alone = TryLock("use.lock", FileShare.None);
        return alone is null;
    }

    /// <summary>On Unix .NET turns <see cref="FileShare.None"/> into an exclusive and a read-only share into a shared advisory lock.</summary>
    private FileStream? TryLock(string name, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read,
            Share = share,
        };
        OwnerOnly(options);
        try
        {
            return new FileStream(In(name), options);
        }
        catch (IOException held) when (held is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void OwnerOnly(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
    }

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private string In(string name) => Path.Combine(Root, name);

    private string? Read(string name) => File.Exists(In(name)) ? File.ReadAllText(In(name)).Trim() : null;

    private void Write(string name, string text)
    {
        var target = In(name);
        var draft = $"{target}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        OwnerOnly(options);
        using (var writer = new StreamWriter(new FileStream(draft, options)))
        {
            writer.Write(text);
        }

        File.Move(draft, target, overwrite: true);
    }
}
