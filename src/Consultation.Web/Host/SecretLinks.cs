using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Consultation.Messaging;
using Consultation.Visits;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;

namespace Consultation.Web.Host;

/// <summary>
/// What is opened by a secret in the address and by no sign-in: the page of a letter and the calendar of an expert. The address goes to no
/// other site (no Referer), into no cache and into no log, and whoever tries addresses out is slowed down.
/// </summary>
public static class SecretLinks
{
    public const string RateLimit = "secret-links";

    // An office behind one address, with its mail scanner; guessing 192 bits is hopeless at any rate.
    private const int RequestsAMinute = 120;
    private const string Pages = "/visit";
    private const string Surveys = "/survey";
    private const string Feeds = "/calendar";
    private static readonly string[] Reading = ["GET", "HEAD"];

    public static bool IsSecret(PathString path) => path.StartsWithSegments(Pages) || path.StartsWithSegments(Surveys) || path.StartsWithSegments(Feeds);

    public static IServiceCollection AddSecretLinks(this IServiceCollection services) => services.Configure<RateLimiterOptions>(options => options.AddPolicy(
        RateLimit, context => RateLimitPartition.GetFixedWindowLimiter(
            $"{RateLimit} {context.Connection.RemoteIpAddress}", _ => new() { PermitLimit = RequestsAMinute, Window = TimeSpan.FromMinutes(1) })));

    public static string FeedPath(string secret) => $"{Feeds}/{secret}.ics";

    public static void MapCalendarFeed(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(Feeds + "/{secret}.ics", Reading, ReadAsync).AllowAnonymous().RequireRateLimiting(RateLimit).ExcludeFromDescription();

    private static async Task<IResult> ReadAsync(string secret, HttpContext context, Dispatcher dispatcher)
    {
        string calendar;
        try
        {
            calendar = await dispatcher.Send(new ReadFeed(secret), Subscriber, context.RequestAborted);
        }
        catch (NotFound)
        {
            return Results.NotFound();
        }

        var bytes = Encoding.UTF8.GetBytes(calendar);
        context.Response.Headers.CacheControl = "private, no-cache";
        // Results.Bytes answers If-None-Match and HEAD.
        return Results.Bytes(bytes, "text/calendar; charset=utf-8", entityTag: new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"")));
    }

    private static readonly Actor Subscriber = new(null, "カレンダーの購読", Role.Public);
}
