using System.Net;
using System.Text.RegularExpressions;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Pipeline;
using Consultation.Staff;
using Consultation.Web.SignIn;
using Consultation.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Consultation.Benchmarks;

/// <summary>Those in whose name the measured requests come: tokens for the API, names and password for the pages.</summary>
internal sealed record Callers(string CentreToken, string SupervisorToken, Guid Centre, Guid Supervisor)
{
    private const string CentreName = "benchmark-centre";
    private const string SupervisorName = "benchmark-supervisor";
    private const string Password = "benchmark-of-consultation";

    public static async Task MigrateAsync(Database database, CancellationToken cancellationToken)
    {
        await using (var owner = NpgsqlDataSource.Create(database.OwnerConnectionString))
        {
            await new Migrator(owner).MigrateAsync(PrivateCluster.AppRole, cancellationToken);
            await QuartzEngine.ProvisionAsync(owner, PrivateCluster.AppRole, cancellationToken);
        }

        // A run is to mean the same on every day of the year: it is the morning on which the demo starts.
        await database.DoAsync("update installation set clock_shift = timestamptz '2026-11-24 09:20+09' - clock_timestamp()");
    }

    /// <summary>After the filling, which refuses to come where people work.</summary>
    public static async Task<Callers> MakeAsync(Database database, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddConsultation(NpgsqlDataSource.Create(database.AppConnectionString));
        services.AddSignIn();
        await using var provider = services.BuildServiceProvider();
        var dispatcher = provider.GetRequiredService<Dispatcher>();
        var actor = Actor.System("benchmark");
        var centre = await dispatcher.Send(new AddPerson("計測 センター", null, Role.Centre, null, null, "計測"), actor, cancellationToken);
        var supervisor = await dispatcher.Send(new AddPerson("計測 統括", null, Role.Supervisor, null, null, "計測"), actor, cancellationToken);
        await using (var scope = provider.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Accounts>().OpenAllAsync([(centre, CentreName), (supervisor, SupervisorName)], Password, cancellationToken);
        }

        return new(
            (await dispatcher.Send(new CreateToken(Role.Centre, null, null, "計測 センター"), actor, cancellationToken)).Token,
            (await dispatcher.Send(new CreateToken(Role.Supervisor, null, null, "計測 統括"), actor, cancellationToken)).Token,
            centre.Value, supervisor.Value);
    }

    public Task<string> SignInCentreAsync(int port) => SignInAsync(port, CentreName);

    public Task<string> SignInSupervisorAsync(int port) => SignInAsync(port, SupervisorName);

    /// <summary>Comes in by the sign-in page as a browser does.</summary>
    /// <returns>The cookies to send.</returns>
    private static async Task<string> SignInAsync(int port, string userName)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var page = await browser.GetStringAsync("/sign-in");
        var seal = Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("userName", userName), new("password", Password), new("__RequestVerificationToken", seal)]);
        using var answer = await browser.PostAsync("/sign-in", form);
        return answer.StatusCode == HttpStatusCode.Redirect
            ? cookies.GetCookieHeader(browser.BaseAddress)
            : throw new InvalidOperationException($"Signing in as {userName} was answered with {(int)answer.StatusCode}.");
    }
}
