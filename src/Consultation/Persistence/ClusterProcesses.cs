using System.Diagnostics;
using System.Globalization;

namespace Consultation.Persistence;

/// <summary>Tells whether server processes still work in a cluster's data folder, whatever its <c>postmaster.pid</c> says.</summary>
internal static class ClusterProcesses
{
    /// <summary>
    /// On Linux every server process has the data folder as its working directory, also a backend that outlives a killed postmaster.
    /// Elsewhere the process of the pid file is asked for its name.
    /// </summary>
    public static bool AnyIn(string dataFolder, IReadOnlyList<string> pidFileLines)
    {
        if (!Directory.Exists(dataFolder))
        {
            return false;
        }

        if (OperatingSystem.IsLinux())
        {
            var real = Resolve(dataFolder);
            return Directory.EnumerateDirectories("/proc")
                .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
                .Any(process => WorkingDirectory(process) == real);
        }

        return pidFileLines.Count > 0
            && int.TryParse(pidFileLines[0], CultureInfo.InvariantCulture, out var id)
            && NameOf(id).StartsWith("postgres", StringComparison.Ordinal);
    }

    private static string Resolve(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(Resolve(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true)?.FullName ?? here;
    }

    private static string? WorkingDirectory(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has ended meanwhile, or belongs to someone else and so is not a server of ours.
            return null;
        }
    }

    private static string NameOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName;
        }
        catch (ArgumentException)
        {
            return "";
        }
    }
}
