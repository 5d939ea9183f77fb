using System.Globalization;
using System.Runtime.CompilerServices;

/// <summary>
/// Loaded by the runtime into one process of the product (<c>DOTNET_STARTUP_HOOKS</c>), so that nothing of the product changes for being tried: there the machine's
/// clock, as .NET tells it, is so many minutes ahead. The runtime demands this name and no namespace.
/// </summary>
internal static class StartupHook
{
    public const string MinutesVariable = "CONSULTATION_FAULTS_CLOCK_AHEAD";

    public static void Initialize()
    {
        if (double.TryParse(Environment.GetEnvironmentVariable(MinutesVariable), CultureInfo.InvariantCulture, out var minutes))
        {
            SystemClock(null) = new Ahead(TimeSpan.FromMinutes(minutes));
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "<System>k__BackingField")]
    private static extern ref TimeProvider SystemClock(TimeProvider? _);

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
