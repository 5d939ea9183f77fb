using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>The published build and its command line, as an operator uses them.</summary>
internal sealed class Build(string program)
{
    private static readonly string[] Foreign = ["ConnectionStrings__", "Mail__", "PG"];

    public string Program => program;

    /// <summary>The folder of the clone: the scripts of <c>deploy</c> are tried as well.</summary>
    public static string Root { get; } = FindRoot();

    public static async Task<Build> FindAsync(string? published) => published is not null
        ? new(Path.GetFullPath(Path.Combine(published, "Consultation.Web.dll")))
        : new((await RunAsync("bash", ["-c", $". '{Path.Combine(Root, "deploy", "setup.sh")}' && build && printf %s \"$app\""])).Output.Split('\n')[^1]);

    /// <summary>A verb of the product on a data folder.</summary>
    public Task<(int Code, string Output)> DoAsync(string data, params string[] verb) => RunAsync("dotnet", [program, .. verb, "--data", data], mayFail: true);

    /// <summary>A verb of the product on a database.</summary>
    public Task<(int Code, string Output)> DoAsync(IReadOnlyDictionary<string, string> settings, params string[] verb) => RunAsync("dotnet", [program, .. verb], mayFail: true, settings);

    /// <summary>A script of <c>deploy</c>.</summary>
    public static Task<(int Code, string Output)> ScriptAsync(IReadOnlyDictionary<string, string> settings, string script, params string[] arguments) =>
        RunAsync(Path.Combine(Root, "deploy", script), arguments, mayFail: true, settings);

    private static async Task<(int Code, string Output)> RunAsync(string command, IReadOnlyList<string> arguments, bool mayFail = false, IReadOnlyDictionary<string, string>? settings = null)
    {
        using var process = Process.Start(Plain(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }, settings))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || mayFail
            ? (process.ExitCode, (output + (process.ExitCode == 0 ? "" : await error)).Trim())
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await error}{output}");
    }

    /// <summary>Without the settings of whoever started this program, and with the given ones.</summary>
    public static ProcessStartInfo Plain(ProcessStartInfo start, IReadOnlyDictionary<string, string>? settings = null)
    {
        foreach (var foreign in start.Environment.Keys.Where(k => k != "PG_BIN" && (k == "CONSULTATION_DATA" || Array.Exists(Foreign, f => k.StartsWith(f, StringComparison.Ordinal)))).ToList())
        {
            start.Environment.Remove(foreign);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Consultation.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("Consultation.sln is in no folder above this program.");
        }

        return root.FullName;
    }
}
