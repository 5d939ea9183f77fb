using System.Globalization;
using System.Net.Sockets;
using System.Text;

/// <summary>
/// Loaded by the runtime into the measured server process (<c>DOTNET_STARTUP_HOOKS</c>), so that nothing of the product changes for being
/// measured: whoever connects to the socket named by the environment is told how much was allocated and how often it was collected.
/// The runtime demands this name and no namespace.
/// </summary>
internal static class StartupHook
{
    public const string SocketVariable = "CONSULTATION_BENCHMARK_METER";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { Length: > 0 } path)
        {
            return;
        }

        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(4);
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "benchmark meter" }.Start();
    }

    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var caller = listener.Accept();
            var told = string.Create(CultureInfo.InvariantCulture,
                $"{GC.GetTotalAllocatedBytes()} {GC.CollectionCount(0)} {GC.CollectionCount(1)} {GC.CollectionCount(2)}");
            caller.Send(Encoding.ASCII.GetBytes(told));
        }
    }
}
