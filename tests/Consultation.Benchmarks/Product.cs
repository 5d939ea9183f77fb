using System.Diagnostics;

namespace Consultation.Benchmarks;

/// <summary>The published product, and its command line as an operator uses it.</summary>
internal sealed class Product
{
    private static readonly Dictionary<string, string?> Environment = new()
    {
        // What deploy/run sets.
        ["CONSULTATION_LOG_LEVEL"] = "Warning",
    };

    private readonly string program;

    private Product(string program) => this.program = program;

    /// <summary>The clone this program was built in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>As <c>deploy/run</c> publishes it, machine code included; quick where that has been done already.</summary>
    public static async Task<Product> PublishAsync() =>
        new((await RunAsync("bash", ["-c", $". '{Path.Combine(Root, "deploy", "setup.sh")}' && build && printf %s \"$app\""])).Split('\n')[^1]);

    public static Product At(string folder) => new(Path.GetFullPath(Path.Combine(folder, "Consultation.Web.dll")));

    /// <param name="settings">Further settings as environment variables, such as <c>Mail__Host</c>.</param>
    public ServerProcess Serve(Database database, string folder, IReadOnlyDictionary<string, string?>? settings = null) =>
        ServerProcess.Start(program, ["serve", "--role", "all", "--data", database.Folder], Environment.Concat(settings ?? new Dictionary<string, string?>()).ToDictionary(), folder, "product");

    public Task<string> DoAsync(Database database, params string[] verb) => RunAsync("dotnet", [program, .. verb, "--data", database.Folder]);

    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        Interruption.Token.ThrowIfCancellationRequested();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root })!;
        using var ended = Interruption.Token.Register(process.Kill);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await error}{output}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Consultation.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Consultation.sln is in no folder above this program: the product to measure is published from its clone.");
    }
}
