using Consultation.Cases;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Consultation.Tests.Mail;

/// <summary>One process of the product beside the test's own, with its own pool and container, sending to a peer.</summary>
public sealed class MailNode : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private MailNode(ServiceProvider services) => this.services = services;

    public IServiceProvider Services => services;

    public static async Task<MailNode> StartAsync(string connectionString, MailSettings settings, Action<IServiceCollection>? more = null)
    {
        var collection = new ServiceCollection()
            .AddLogging(log => log.SetMinimumLevel(LogLevel.Warning))
            .AddConsultation(RuntimeSource.Create(connectionString))
            .AddSingleton(settings)
            .AddTransient<IRequestHandler<WriteMails, int>, WriteMailsHandler>()
            .AddTransient<IRequestHandler<WriteLetter, bool>, WriteLetterHandler>();
        more?.Invoke(collection);
        var services = collection.BuildServiceProvider();
        await services.GetRequiredService<AppClock>().RefreshAsync(services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
        return new(services);
    }

    public static Task<MailNode> StartAsync(TestApp app, SmtpPeer peer) => StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port, Timeout: TimeSpan.FromSeconds(20)));

    public Task<TResult> Send<TResult>(IRequest<TResult> request) => services.GetRequiredService<Dispatcher>().Send(request, Actor.System("test"));

    public Task<int> WriteAsync(string key, string recipient = "client@firm.example", CaseId? about = null) =>
        Send(new WriteMails([(key, recipient)], about ?? CaseId.New()));

    /// <summary>Everything the outbox says of one event.</summary>
    public async Task<OutgoingMail> MailAsync(string key)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConsultationDb>().Set<OutgoingMail>().AsNoTracking().SingleAsync(m => m.EventKey == key);
    }

    public async Task<IReadOnlyList<CallBack>> CallsAsync(CaseId found)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConsultationDb>().Set<CallBack>().AsNoTracking().Where(c => c.CaseId == found).ToListAsync();
    }

    public async Task SqlAsync(string sql)
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whatever rests has rested.</summary>
    public async Task RestedAsync()
    {
        await SqlAsync("update mail_server set rest_until = clock_timestamp() where rest_until is not null");
        await SqlAsync("update mail_domains set rest_until = clock_timestamp() where rest_until is not null");
    }

    /// <summary>What an earlier test of the class left behind must not happen in the next one.</summary>
    public static async Task ForgetMailAsync(TestApp app)
    {
        await app.SqlAsync("delete from outgoing_mail");
        await app.SqlAsync("delete from mail_domains");
        await app.SqlAsync("update mail_server set per_minute = null, fault = null, fault_since = null, strikes = 0, rest_until = null, probe_mail = null, probe_until = null, held_at = null, held_reason = null");
        await app.SqlAsync("update installation set mail_held = false");
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>A business act that writes mails and nothing else; with <see cref="Fails"/> it is refused afterwards.</summary>
[Requires(Permission.Operate)]
public sealed record WriteMails(IReadOnlyList<(string Key, string Recipient)> Mails, CaseId About, bool Fails = false, string Number = "R08-000123") : ICommand<int>;

internal sealed class WriteMailsHandler(Outbox outbox) : IRequestHandler<WriteMails, int>
{
    public Task<int> Handle(WriteMails request, CancellationToken cancellationToken)
    {
        foreach (var (key, recipient) in request.Mails)
        {
            outbox.Send("offer-made", key, recipient, null, Ref.To(request.About), Values(request.Number));
        }

        return request.Fails ? throw new RuleViolation("offer.closed") : Task.FromResult(request.Mails.Count);
    }

    internal static Dictionary<string, string> Values(string number) => new()
    {
        ["today"] = "令和8年11月24日(火)", ["desk"] = "テレワーク相談窓口", ["number"] = number, ["why"] = "11月24日(火) → 2営業日 → 11月26日(木)", ["respondBy"] = "11月26日(木)", ["expert"] = "髙橋 葛", ["ministry"] = "総務省", ["prefecture"] = "宮城県", ["topics"] = "ICT", ["mode"] = "Web会議",
    };
}

/// <summary>A letter to the client of a case.</summary>
[Requires(Permission.Operate)]
public sealed record WriteLetter(CaseId Case, string Key) : ICommand<bool>;

internal sealed class WriteLetterHandler(CaseAccess access, ClientLetter letter) : IRequestHandler<WriteLetter, bool>
{
    public async Task<bool> Handle(WriteLetter request, CancellationToken cancellationToken)
    {
        var found = await access.ForChangeAsync(request.Case, cancellationToken);
        var occasion = await access.OccasionAsync(found.DeskId, cancellationToken);
        await letter.SendAsync(found, "offer-made", request.Key, WriteMailsHandler.Values(found.Number), occasion, cancellationToken);
        return true;
    }
}
