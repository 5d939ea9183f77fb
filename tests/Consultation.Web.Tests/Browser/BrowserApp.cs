using Consultation.Cases;
using Consultation.Demo;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Web.Host;
using Consultation.Web.SignIn;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Consultation.Web.Tests.Browser;

/// <summary>
/// The real server with its background work, its mailbox and a copy of the demo, for a real Chromium. The clock stands at 2026-11-24 09:20
/// Japan time when a class begins.
/// </summary>
public sealed class BrowserApp(TestCluster cluster, Chromium chromium) : IAsyncLifetime
{
    public const string Password = "telework-soudan-demo";

    private readonly Dictionary<string, Actor> actors = [];
    private readonly Dictionary<string, string> sessions = [];
    private WebApplication app = null!;
    private IReadOnlyList<DemoPerson> people = [];

    public Uri Address => ConsultationHost.AddressOf(app);

    public IServiceProvider Services => app.Services;

    /// <summary>Its database, for a further server on it.</summary>
    public string Database { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var database = await cluster.NewDatabaseAsync("demo", FillAsync);
        Database = database;
        app = ConsultationHost.Build(new(database, DemoMailbox: true));
        await app.Services.GetRequiredService<AppClock>().RefreshAsync(app.Services.GetRequiredService<NpgsqlDataSource>(), CancellationToken.None);
        people = await Send(new SeedDemo());
        foreach (var person in people)
        {
            actors[person.Email] = (await Send(new FindActor(person.Id)))!;
        }

        await app.StartAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>A browser window of its own, with its own cookies.</summary>
    public Task<Visitor> OpenAsync(bool scripts = true) => WindowAsync(scripts, null);

    /// <summary>A window in which this person has come in. Only the first one of a class goes through the sign-in page, the others bring its cookies.</summary>
    public async Task<Visitor> OpenAsync(string person, bool scripts = true)
    {
        var isKnown = sessions.TryGetValue(person, out var session);
        var visitor = await WindowAsync(scripts, session);
        if (isKnown)
        {
            await visitor.GoAsync("/");
        }
        else
        {
            await visitor.SignInAsync(person);
            await visitor.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
            sessions[person] = await visitor.Context.StorageStateAsync();
        }

        return visitor;
    }

    public Task<TResult> Send<TResult>(IRequest<TResult> request, string? person = null) =>
        app.Services.GetRequiredService<Dispatcher>().Send(request, person is null ? Actor.System("test") : actors[person]);

    /// <summary>The values of one row.</summary>
    public async Task<object[]> SqlRowAsync(string sql)
    {
        await using var ask = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await using var row = await ask.ExecuteReaderAsync();
        await row.ReadAsync();
        var values = new object[row.FieldCount];
        row.GetValues(values);
        return values;
    }

    /// <summary>The sign-in name of an expert.</summary>
    public string PersonOf(ExpertId expert) => actors.Single(actor => actor.Value.Expert == expert).Key;

    /// <summary>A routed case of a company in Sendai that one expert of 総務省 was asked about; the best one where none is named.</summary>
    public async Task<(CaseId Case, OfferResult Offer)> OfferedCaseAsync(string organisation, ExpertId? expert = null)
    {
        const string clerk = "tohoku@desk.example";
        var logged = await Send(
            new LogInquiry(
                Channel.Phone, "社外から社内のファイルを使うときのVPNとセキュリティを相談したい。", Organisation: new(organisation, null, null, "宮城県", "仙台市", "E", 40, 10_000_000),
                Contact: new("ご担当", "総務", "022-000-1234", "client@client.example"), Consented: true), clerk);
        await Send(new RouteCase(logged.Id, [Track.Mic], null, null, "試験のため"), clerk);
        return (logged.Id, await Send(new OfferCase(logged.Id, Track.Mic, expert, Auto: expert is null), clerk));
    }

    private async Task<Visitor> WindowAsync(bool scripts, string? session)
    {
        var browser = await chromium.BrowserAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(), Locale = "ja-JP", TimezoneId = "Asia/Tokyo", JavaScriptEnabled = scripts, ViewportSize = new() { Width = Visitor.Wide, Height = 900 },
            StorageState = session,
        });
        context.SetDefaultTimeout(15_000);
        return new(context, await context.NewPageAsync(), scripts);
    }

    private static async Task FillAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        var services = new ServiceCollection();
        services.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)).AddConsultation(source).AddSignIn();
        await using var provider = services.BuildServiceProvider();
        var seeded = await provider.GetRequiredService<Dispatcher>().Send(new SeedDemo(), Actor.System("test"));
        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Accounts>().OpenAllAsync(seeded.Select(person => (person.Id, person.Email)), Password, CancellationToken.None);
    }
}
