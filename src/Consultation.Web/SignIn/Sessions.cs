using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using Consultation.Messaging;
using Consultation.Pipeline;
using Consultation.Staff;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Web.SignIn;

/// <summary>
/// Says who is behind a session cookie. What it knows of an account is at most five seconds old, so that an ended session ends everywhere
/// within that time, and on the node where it was ended at once (design §7).
/// </summary>
public sealed class Sessions(IServiceScopeFactory scopes, Dispatcher dispatcher)
{
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Known> accounts = new();

    private sealed record Known(string? Stamp, Actor? Actor, long ReadAt);

    /// <summary>The actor of a signed-in principal; null where the account has changed its stamp or the person has left.</summary>
    public async Task<Actor?> ActorOfAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var account))
        {
            return null;
        }

        var known = await ReadAsync(account, cancellationToken);
        var stamp = principal.FindFirstValue(new ClaimsIdentityOptions().SecurityStampClaimType);
        return known.Stamp is not null && known.Stamp == stamp ? known.Actor : null;
    }

    /// <summary>Ends every session of an account: after a change of password, of role, or when the person leaves.</summary>
    public async Task EndAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SignInDb>();
        await db.Users.Where(a => a.Id == account)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SecurityStamp, Guid.NewGuid().ToString("N")), cancellationToken);
        accounts.TryRemove(account, out _);
    }

    /// <summary>After the commit that ended the sessions of an account: nobody gets in with what was known a moment ago.</summary>
    public void Forget(Guid account) => accounts.TryRemove(account, out _);

    internal static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (await sessions.ActorOfAsync(context.Principal!, context.HttpContext.RequestAborted) is { } actor)
        {
            context.HttpContext.Features.Set(actor);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    private async Task<Known> ReadAsync(Guid account, CancellationToken cancellationToken)
    {
        if (accounts.TryGetValue(account, out var known) && Stopwatch.GetElapsedTime(known.ReadAt) < Age)
        {
            return known;
        }

        var readAt = Stopwatch.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<SignInDb>().Users.AsNoTracking()
            .Where(a => a.Id == account).Select(a => new { a.SecurityStamp, a.StaffId }).FirstOrDefaultAsync(cancellationToken);
        var actor = row is null ? null : await dispatcher.Send(new FindActor(row.StaffId), Actor.System("sign-in"), cancellationToken);
        return accounts[account] = new(row?.SecurityStamp, actor, readAt);
    }
}
