using Consultation.Persistence;
using Npgsql;

namespace Consultation.Web.Host;

/// <summary>Lets this process follow the one clock: another process may have moved it (design §4).</summary>
internal sealed class ClockFollower(AppClock clock, NpgsqlDataSource source, ILogger<ClockFollower> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reachable = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await clock.RefreshAsync(source, stoppingToken);
                reachable = true;
            }
            catch (NpgsqlException failure)
            {
                if (reachable)
                {
                    log.LogWarning("The clock cannot be read: {Kind} {State}", failure.GetType().Name, failure.SqlState);
                }

                reachable = false;
            }

            await Task.Delay(Beat, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
