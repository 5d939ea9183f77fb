using Consultation.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Consultation.Work;

/// <summary>
/// Tells the workers on other nodes that this process has written mail: one NOTIFY after the commits, never inside them, where it would make writers wait
/// for each other. What is written while one is under way is one more, so that a thousand commits are ten calls a second at most. A call
/// that is lost costs the wait for the next tick and nothing else.
/// </summary>
public sealed partial class MailBell(MailWake wake, NpgsqlDataSource source, ILogger<MailBell> log) : BackgroundService
{
    internal const string Channel = "consultation_mail";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await wake.WrittenAsync(stoppingToken);
                await using var notify = source.CreateCommand("select pg_notify($1, $2)");
                notify.Parameters.Add(new() { Value = Channel });
                notify.Parameters.Add(new() { Value = wake.Node });
                await notify.ExecuteNonQueryAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                NotRung(log, failure.GetBaseException().GetType().Name);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other nodes were not told of mail: {Kind}")]
    private static partial void NotRung(ILogger log, string kind);
}

/// <summary>
/// The ear of a worker: listens on a connection of its own and rings the bell of this process. A connection that is lost is made again, and the bell
/// rings then, because nobody knows what was missed.
/// </summary>
public sealed partial class MailEar(MailWake wake, NpgsqlDataSource source, ILogger<MailEar> log) : BackgroundService
{
    // A connection whose other end has silently gone is found out by asking.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Lost(log, failure.GetBaseException().GetType().Name);
                await Task.Delay(Patience, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, told) =>
        {
            if (told.Payload != wake.Node)
            {
                wake.RingFromElsewhere();
            }
        };
        await DoAsync(connection, $"listen {MailBell.Channel}", stoppingToken);
        wake.RingFromElsewhere();
        try
        {
            while (true)
            {
                if (!await connection.WaitAsync(Doubt, stoppingToken))
                {
                    await DoAsync(connection, "select 1", stoppingToken);
                }
            }
        }
        finally
        {
            // It goes back to the pool as it is, and whoever gets it next must not hear anything.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await DoAsync(connection, "unlisten *", CancellationToken.None);
            }
        }
    }

    private static async Task DoAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to hear of other nodes' mail was lost: {Kind}")]
    private static partial void Lost(ILogger log, string kind);
}
