using Consultation.Cases;
using Consultation.Mail;
using Consultation.Tests.Mail;
using Consultation.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Consultation.Tests.Work;

/// <summary>Nodes on one database: what one writes wakes the others, after the commit and without any beat of the engine.</summary>
public sealed class MailBellTests(TestApp app) : IClassFixture<TestApp>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_worker_hears_of_mail_that_another_node_wrote()
    {
        await using var peer = new SmtpPeer();
        await using var web = await StartAsync(peer, worker: false);
        await using var worker = await StartAsync(peer, worker: true);
        await ListeningAsync(1);
        await web.Node.WriteAsync("elsewhere");
        await UntilAsync(async () => (await web.Node.MailAsync("elsewhere")).State == MailState.Sent);
        Assert.Single(peer.Kept);
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_and_what_was_missed_is_sent()
    {
        await using var peer = new SmtpPeer();
        await using var web = await StartAsync(peer, worker: false);
        await using var worker = await StartAsync(peer, worker: true);
        await ListeningAsync(1);
        Assert.Equal(1L, await AskAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query = 'listen consultation_mail'"));
        await web.Node.WriteAsync("missed");
        await UntilAsync(async () => (await web.Node.MailAsync("missed")).State == MailState.Sent);
    }

    [Fact]
    public async Task Two_workers_share_a_heap_of_mail_and_each_goes_once()
    {
        const int Mails = 200;
        // What another test of this class wrote and nobody sent would be counted with the heap.
        await app.SqlAsync("delete from outgoing_mail where state <> 'sent'");
        await using var one = new SmtpPeer();
        await using var two = new SmtpPeer();
        await using var web = await StartAsync(one, worker: false);
        await using var first = await StartAsync(one, worker: true);
        await using var second = await StartAsync(two, worker: true);
        await ListeningAsync(2);
        await web.Node.Send(new WriteMails([.. Enumerable.Range(0, Mails).Select(n => ($"heap-{n}", "client@firm.example"))], CaseId.New()));
        await UntilAsync(async () => await app.SqlAsync("select count(*) from outgoing_mail where event_key like 'heap-%' and state = 'sent'") is (long)Mails);
        Assert.Equal(Mails, one.Kept.Concat(two.Kept).Select(m => m.MessageId).Distinct().Count());
        Assert.Equal(Mails, one.Kept.Count + two.Kept.Count);
        Assert.NotEmpty(one.Kept);
        Assert.NotEmpty(two.Kept);
    }

    [Fact]
    public async Task Commits_that_come_together_are_one_call_and_a_commit_without_mail_is_none()
    {
        await using var node = await MailNode.StartAsync(app.ConnectionString, new(), services => services.AddMailBell());
        await using var listener = Npgsql.NpgsqlDataSource.Create(app.ConnectionString);
        await using var ear = await listener.OpenConnectionAsync();
        var heard = new List<string>();
        ear.Notification += (_, told) => heard.Add(told.Payload);
        await DoAsync(ear, "listen consultation_mail");
        for (var n = 0; n < 20; n++)
        {
            await node.WriteAsync($"many-{n}");
        }

        var bell = node.Services.GetServices<IHostedService>().OfType<MailBell>().Single();
        await bell.StartAsync(default);
        Assert.True(await ear.WaitAsync(Long));

        // What comes behind is the mark that nothing else came before it.
        await node.Send(new WriteMails([], CaseId.New()));
        await bell.StopAsync(default);
        await DoAsync(ear, "notify consultation_mail, 'mark'");
        Assert.Equal([node.Services.GetRequiredService<MailWake>().Node, "mark"], heard);
    }

    private static async Task DoAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<RunningNode> StartAsync(SmtpPeer peer, bool worker)
    {
        var node = await MailNode.StartAsync(app.ConnectionString, new(Host: "127.0.0.1", Port: peer.Port), services =>
        {
            services.AddMailBell();
            if (worker)
            {
                services.AddWork().AddSingleton<IScheduleEngine, SilentEngine>();
            }
        });
        var hosted = node.Services.GetServices<IHostedService>().ToList();
        foreach (var one in hosted)
        {
            await one.StartAsync(default);
        }

        return new(node, hosted);
    }

    private Task ListeningAsync(int ears) => UntilAsync(async () => await AskAsync(
        "select count(*) from pg_stat_activity where datname = current_database() and state = 'idle' and query = 'listen consultation_mail'") >= ears);

    /// <summary>As the role of the product, for it sees what its own sessions do.</summary>
    private async Task<long> AskAsync(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(app.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Long);
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private sealed record RunningNode(MailNode Node, IReadOnlyList<IHostedService> Hosted) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var one in Hosted)
            {
                await one.StopAsync(default);
            }

            await Node.DisposeAsync();
        }
    }

    /// <summary>Never knocks, so that whatever happens was caused by the bell.</summary>
    private sealed class SilentEngine : IScheduleEngine
    {
        public Task StartAsync(IReadOnlyList<ScheduledJob> jobs, Func<string, CancellationToken, Task> knock, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
