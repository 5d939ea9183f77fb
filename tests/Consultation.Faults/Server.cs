using System.Diagnostics;

namespace Consultation.Faults;

/// <summary>One serving process on a port that it keeps; it can be killed without a word and started again.</summary>
internal sealed class Server(Build build, string data, string log, int port) : IDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private Process? process;

    public string Address { get; } = $"http://127.0.0.1:{port}";

    public void Start()
    {
        process?.Dispose();
        var start = new ProcessStartInfo("bash", ["-c", $"exec dotnet \"$0\" serve --role all --prepare empty --port {port} --data \"$1\" >> \"$2\" 2>&1", build.Program, data, log]);
        start.Environment["CONSULTATION_LOG_LEVEL"] = "Warning";
        process = Process.Start(Build.Plain(start))!;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
    }

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

        process?.Dispose();
    }
}
