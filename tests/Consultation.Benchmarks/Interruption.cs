using System.Runtime.InteropServices;

namespace Consultation.Benchmarks;

/// <summary>Somebody wants the run to end: the servers it started end with it.</summary>
internal static class Interruption
{
    private static readonly CancellationTokenSource Wanted = new();

    private static readonly PosixSignalRegistration[] Signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public static CancellationToken Token => Signals.Length > 0 ? Wanted.Token : default;

    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Wanted.Cancel();
    }
}
