using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Staff;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Consultation.Web.SignIn;

/// <summary>Actors by the hash of their token, at most five seconds old; unknown tokens are never kept, so that guessing fills nothing.</summary>
public sealed class TokenActors(Dispatcher dispatcher)
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<string, (Actor Actor, long ReadAt)> known = new();

    public async Task<Actor?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (known.TryGetValue(key, out var entry) && Stopwatch.GetElapsedTime(entry.ReadAt) < Sessions.Age)
        {
            return entry.Actor;
        }

        var readAt = Stopwatch.GetTimestamp();
        var actor = await dispatcher.Send(new AuthenticateToken(token), Actor.System("sign-in"), cancellationToken);
        if (actor is null)
        {
            known.TryRemove(key, out _);
            return null;
        }

        if (known.Count >= Capacity)
        {
            known.Clear();
        }

        known[key] = (actor, readAt);
        return actor;
    }

    /// <summary>After a token was revoked on this node: nobody gets in with what was known a moment ago.</summary>
    public void Forget() => known.Clear();
}

/// <summary><c>Authorization: Bearer</c> for the API. The API writes the refusal like all its others (<c>Api/Problems.cs</c>).</summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, TokenActors actors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > 200 || await actors.FindAsync(token, Context.RequestAborted) is not { } actor)
        {
            return AuthenticateResult.Fail("token.invalid");
        }

        Context.Features.Set(actor);
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, actor.Name)], SchemeName);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
