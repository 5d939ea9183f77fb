using System.Collections.Concurrent;
using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>One process of the product on a port that it keeps; it can be killed without a word, stopped where it stands, and started again.</summary>
/// <param name="words">What follows <c>serve</c>.</param>
internal sealed class Server(Build build, IReadOnlyList<string> words, IReadOnlyDictionary<string, string> settings, string log, int port) : IDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly ConcurrentDictionary<int, Process> Running = new();
    private Process? process;

    static Server() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        // Whoever stops this program in the middle finds nothing of it left.
        foreach (var left in Running.Values)
        {
            left.Kill();
        }
    };

    public string Address { get; } = $"http://127.0.0.1:{port}";

    /// <exception cref="InvalidOperationException">It runs: a second one on the same port would leave the first to itself.</exception>
    public void Start()
    {
        if (process is { HasExited: false })
        {
            throw new InvalidOperationException($"{Address} runs already.");
        }

        process?.Dispose();
        var start = new ProcessStartInfo("bash", ["-c", "log=$1; shift; exec dotnet \"$@\" >> \"$log\" 2>&1", "faults", log, build.Program, "serve", .. words, "--port", $"{port}"]);
        start.Environment["CONSULTATION_LOG_LEVEL"] = "Warning";
        process = Process.Start(Build.Plain(start, settings))!;
        Running[port] = process;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    /// <returns>False where it had to be killed after all.</returns>
    public async Task<bool> StopAsync()
    {
        if (process is not { HasExited: false })
        {
            return true;
        }

        Signal("TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited)
        {
            return true;
        }

        Kill();
        return false;
    }

    /// <summary>SIGSTOP: it keeps its connections and locks and does nothing.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT: it goes on as though no time had passed.</summary>
    public void Thaw() => Signal("CONT");

    public async Task ReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50))
        {
            if (process!.HasExited)
            {
                // It may have met a database that was going down; an operator's service unit starts it again.
                Start();
                await Task.Delay(500);
            }

            try
            {
                using var answer = await Probe.GetAsync(new Uri($"{Address}/health/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
            }
        }

        throw new InvalidOperationException($"{Address} did not come up; see {log}.");
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            Kill();
        }

        Running.TryRemove(port, out _);
        process?.Dispose();
    }

    private void Signal(string signal)
    {
        using var sent = Process.Start("kill", ["-s", signal, $"{process!.Id}"])!;
        sent.WaitForExit();
    }
}
