using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>The published build and its command line, as an operator uses them.</summary>
internal sealed class Build(string program)
{
    public string Program => program;

    public static async Task<Build> FindAsync(string? published)
    {
        if (published is not null)
        {
            return new(Path.GetFullPath(Path.Combine(published, "Consultation.Web.dll")));
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Consultation.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("Consultation.sln is in no folder above this program.");
        }

        return new((await RunAsync("bash", ["-c", $". '{Path.Combine(root.FullName, "deploy", "setup.sh")}' && build && printf %s \"$app\""])).Output.Split('\n')[^1]);
    }

    /// <summary>A verb of the product on a data folder.</summary>
    public Task<(int Code, string Output)> DoAsync(string data, params string[] verb) => RunAsync("dotnet", [program, .. verb, "--data", data], mayFail: true);

    private static async Task<(int Code, string Output)> RunAsync(string command, IReadOnlyList<string> arguments, bool mayFail = false)
    {
        using var process = Process.Start(Plain(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || mayFail
            ? (process.ExitCode, (output + (process.ExitCode == 0 ? "" : await error)).Trim())
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await error}{output}");
    }

    /// <summary>Without the settings of whoever started this program.</summary>
    public static ProcessStartInfo Plain(ProcessStartInfo start)
    {
        foreach (var foreign in start.Environment.Keys.Where(k => k.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || k.StartsWith("Mail__", StringComparison.Ordinal) || k == "CONSULTATION_DATA").ToList())
        {
            start.Environment.Remove(foreign);
        }

        return start;
    }
}
