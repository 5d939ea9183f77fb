using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Consultation.Benchmarks;

/// <summary>A server started as an operator would, in a process of its own, on a free port of the loopback address.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StreamWriter log;

    private ServerProcess(Process process, int port, string? meter, string logFile)
    {
        (this.process, Port, Meter) = (process, port, meter);
        log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public int Port { get; }

    /// <summary>The socket of the <see cref="StartupHook"/> in that process.</summary>
    public string? Meter { get; }

    /// <summary>From the start of the process to the first <c>/health/ready</c> with 200.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public static ServerProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, string folder, string name)
    {
        var port = FreePort();
        var meter = Path.Combine(folder, $"{name}.meter");
        var logFile = Path.Combine(folder, $"{name}.log");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--port", $"{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var foreign in start.Environment.Keys.Where(k => k.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || k.StartsWith("Mail__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(foreign);
        }

        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(ServerProcess).Assembly.Location;
        start.Environment[StartupHook.SocketVariable] = meter;
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var clock = Stopwatch.StartNew();
        var server = new ServerProcess(Process.Start(start)!, port, meter, logFile);
        while (!server.IsReady())
        {
            if (server.process.HasExited || clock.Elapsed > Patience)
            {
                server.Dispose();
                throw new InvalidOperationException($"{name} did not come up:\n{File.ReadAllText(logFile)}");
            }

            Thread.Sleep(5);
        }

        server.ReadyAfter = clock.Elapsed;
        return server;
    }

    /// <summary>Asks it to end, as an operator would, and waits.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
            if (!process.WaitForExit(30_000))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        process.Dispose();
        log.Dispose();
    }

    private bool IsReady()
    {
        try
        {
            using var line = new Line(Port);
            return line.Exchange(Encoding.ASCII.GetBytes($"GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n\r\n")).Status == 200;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (log)
            {
                log.WriteLine(line.Data);
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
