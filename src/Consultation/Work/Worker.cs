using Consultation.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Consultation.Work;

/// <summary>
/// The background work of one process: starts the engine as soon as the database is there, and sends mail at once when this process has
/// written some. Ends gracefully: what is running is brought to its end.
/// </summary>
public sealed partial class Worker(IScheduleEngine engine, ScheduleRunner runner, MailWake wake, MailSenders senders, IMailTransport transport, ILogger<Worker> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    // What is written meanwhile is one more run: each costs several statements, and hundreds of commits a second would be hundreds of runs.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // First whoever might still be starting the engine, then the engine.
        await base.StopAsync(cancellationToken);
        await engine.StopAsync(cancellationToken);
        await senders.EndAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        senders.AreSeenToTheEnd = true;
        if (!transport.IsConfigured)
        {
            NoMailServer(log);
        }

        if (!await StartEngineAsync(stoppingToken))
        {
            return;
        }

        var mail = Schedule.Find(Schedule.Mail);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await wake.HeardAsync(stoppingToken);
                await runner.RunAsync(mail, stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The tick comes anyway; a process that lives on without its bell is better than one that dies with the database.
                BellFailed(log, failure.GetBaseException().GetType().Name);
            }
        }
    }

    private async Task<bool> StartEngineAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await engine.StartAsync(Schedule.Jobs, (name, token) => runner.RunAsync(Schedule.Find(name), token), stoppingToken);
                return true;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                NotStarted(log, failure is ScheduleNotProvisioned missing ? missing.Message : failure.GetBaseException().GetType().Name);
                await engine.StopAsync(stoppingToken);
                await Task.Delay(Patience, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No mail server is configured (Mail:Host); mail waits in the outbox")]
    private static partial void NoMailServer(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Background work cannot start yet: {Reason}")]
    private static partial void NotStarted(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail bell was not answered: {Kind}")]
    private static partial void BellFailed(ILogger log, string kind);
}

public static class WorkServices
{
    /// <summary>Background work in this process, for <c>serve --role worker|all</c>, after <c>AddConsultation</c>.</summary>
    public static IServiceCollection AddWork(this IServiceCollection services) =>
        services.AddSingleton<IScheduleEngine, QuartzEngine>().AddHostedService<Worker>().AddHostedService<MailEar>();

    /// <summary>Tells workers on other nodes of mail that this process writes; for every server.</summary>
    public static IServiceCollection AddMailBell(this IServiceCollection services) => services.AddHostedService<MailBell>();
}
