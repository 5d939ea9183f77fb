using Consultation.Web.Api;
using Consultation.Web.Mailbox;
using Consultation.Web.Pages;
using Consultation.Web.SignIn;
using Consultation.Work;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Consultation.Persistence;

namespace Consultation.Web.Host;

/// <summary>What this process does: pages and API, background work, or both.</summary>
public enum ServerRole { Web, Worker, All }

/// <param name="ConnectionString">Connects as the runtime role.</param>
/// <param name="Address">The IP address to listen on; everything but the loopback address is for containers and proxies.</param>
/// <param name="Port">0 takes any free port.</param>
/// <param name="DemoMailbox">Take the demo's mails in ourselves, unless a mail server is configured.</param>
public sealed record ServerSettings(
    string ConnectionString, ServerRole Role = ServerRole.All, int Port = 0, string Address = "127.0.0.1", bool DemoMailbox = false);

/// <summary>Puts the server together. Tests build the same one on their own database.</summary>
public static class ConsultationHost
{
    /// <summary>The most a request may carry, in bytes; more is refused with 413.</summary>
    private const long LargestRequest = 1024 * 1024;

    /// <summary>The longest line of a request, in bytes: a search too long by far (5,000 characters of Japanese) is still to hear why it is refused.</summary>
    private const int LongestLine = 64 * 1024;

    /// <param name="adjust">For tests: a last word on the services.</param>
    public static WebApplication Build(ServerSettings settings, Action<IServiceCollection>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ConsultationHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{builder.Environment.ApplicationName}.staticwebassets.runtime.json")))
        {
            // Not published but built: the static files still lie in the project.
            builder.WebHost.UseStaticWebAssets();
        }

        Logging.Configure(builder.Logging, LogLevel.Information);
        // The catch-all route of the reloading would turn the 405 of every other route into a 404.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.WebHost.UseUrls($"http://{settings.Address}:{settings.Port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.MaxRequestLineSize = LongestLine;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        // As long as a letter may take that is in the middle of its conversation, and to write down what became of it.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Role == ServerRole.Web ? 20 : 130));

        if (settings is { DemoMailbox: true, Port: > 0 } && string.IsNullOrWhiteSpace(builder.Configuration["Mail:LinkBase"]))
        {
            // A demo's letters lead to the demo; a real installation says where it is found from outside.
            builder.Configuration["Mail:LinkBase"] = $"http://localhost:{settings.Port}";
        }

        builder.Services.AddConsultation(RuntimeSource.Create(settings.ConnectionString));
        builder.Services.AddHostedService<ClockFollower>();
        builder.Services.AddMailBell();
        if (settings.DemoMailbox && settings.Role != ServerRole.Web && string.IsNullOrWhiteSpace(builder.Configuration["Mail:Host"]))
        {
            AddDemoMailbox(builder);
        }

        if (settings.Role != ServerRole.Web)
        {
            builder.Services.AddWork();
        }

        if (settings.Role != ServerRole.Worker)
        {
            builder.Services.AddHttpContextAccessor();
            builder.Services.AddSignIn();
            builder.Services.AddPages();
            builder.Services.AddSecretLinks();
            builder.Services.AddConsultationApi();
            builder.Services.AddSingleton<Inbox>();
        }

        adjust?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapHealth();
        if (settings.Role != ServerRole.Worker)
        {
            UseWeb(app);
        }

        return app;
    }

    /// <summary>Where the server really listens, once it has been started.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The port is open before the sender is configured, so that it knows the number.</summary>
    private static void AddDemoMailbox(WebApplicationBuilder builder)
    {
        var listener = DemoMailServer.Listen(builder.Configuration);
        builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<DemoMailServer>(provider, listener));
    }

    private static void UseWeb(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseConsultationApi();
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api"), pages => pages.UseExceptionHandler("/status/500").UseStatusCodePagesWithReExecute("/status/{0}"));
        app.UseLargeForms(LargestRequest);
        app.Use(KeptForms.ShowSignInAsync);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapStaticAssets().AllowAnonymous();
        app.MapConsultationApi();
        app.MapCalendarFeed();
        app.MapRazorPages().WithStaticAssets();
    }
}
