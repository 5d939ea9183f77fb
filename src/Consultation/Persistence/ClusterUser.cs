using System.Diagnostics;

namespace Consultation.Persistence;

/// <summary>
/// The operating-system user under whom the programs of a private cluster run: initdb and postgres refuse root,
/// so root hands them to <c>postgres</c> or, where that user is missing, to <c>nobody</c>.
/// </summary>
internal sealed record ClusterUser(string? Name)
{
    public static ClusterUser Choose()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return new ClusterUser((string?)null);
        }

        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet();
        var name = new[] { "postgres", "nobody" }.FirstOrDefault(known.Contains);
        return name is null
            ? throw new ClusterUnavailable("root のままでは PostgreSQL を起動できません。利用者 postgres か nobody を作ってください。")
            : new ClusterUser(name);
    }

    /// <summary>Gives the folder and what is in it to this user; nothing to do when we run as that user already.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (Name is not null)
        {
            await new ClusterUser((string?)null).MustRunAsync("chown", ["-R", Name, folder], cancellationToken);
        }
    }

    public async Task<bool> CanWriteAsync(string folder, CancellationToken cancellationToken) =>
        Name is null || (await RunAsync("test", ["-w", folder], cancellationToken)).Code == 0;

    public async Task<bool> CanExecuteAsync(string program, CancellationToken cancellationToken) =>
        Name is null || (await RunAsync("test", ["-x", program], cancellationToken)).Code == 0;

    public async Task MustRunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (code, said) = await RunAsync(program, arguments, cancellationToken);
        if (code != 0)
        {
            throw new ClusterUnavailable($"{Path.GetFileName(program)} が失敗しました（終了コード {code}）。{said}");
        }
    }

    public async Task<(int Code, string Said)> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (Name is not null)
        {
            start.UserName = Name;
        }

        using var process = Process.Start(start) ?? throw new ClusterUnavailable($"{program} を起動できません。");
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, (await error + await output).Trim());
    }
}
