using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Consultation.Web.SignIn;

/// <summary>A form that was sent without a session: where to, what was typed, and whose session had ended, where the cookie still told.</summary>
public sealed record KeptForm(string Path, Dictionary<string, string[]> Fields, Guid? Account);

/// <summary>
/// Carries what was typed over a sign-in (ui.md: nothing typed is ever lost). Until somebody has signed in, the browser keeps it, sealed, in the
/// sign-in form; strangers can therefore fill no table. Afterwards it waits in the database for the page it was typed into.
/// </summary>
public sealed class KeptForms(NpgsqlDataSource source, IDataProtectionProvider protection)
{
    private const string Item = "kept-form";
    private const string Marker = "consultation.kept";
    private static readonly TimeSpan Age = TimeSpan.FromHours(12);
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector(Item).ToTimeLimitedDataProtector();

    /// <summary>The sealed form that this request brought and nobody was signed in for.</summary>
    public static string? Of(HttpContext context) => context.Items[Item] as string;

    /// <summary>In place of the redirect to the sign-in page, where a form was sent.</summary>
    internal static async Task OnRedirectToLoginAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType)
        {
            context.Response.Redirect(context.RedirectUri);
            return;
        }

        var cookie = context.Options.CookieManager.GetRequestCookie(context.HttpContext, context.Options.Cookie.Name!);
        var ended = cookie is null ? null : context.Options.TicketDataFormat.Unprotect(cookie)?.Principal.FindFirstValue(ClaimTypes.NameIdentifier);
        var form = await request.ReadFormAsync(context.HttpContext.RequestAborted);
        // The handler named in the address belongs to the sending, not to the page.
        var query = QueryString.Create(request.Query.Where(part => part.Key != "handler"));
        var kept = new KeptForm(
            request.PathBase + request.Path + query, form.Where(field => field.Key != "__RequestVerificationToken").ToDictionary(field => field.Key, field => field.Value.OfType<string>().ToArray()),
            Guid.TryParse(ended, out var account) ? account : null);
        context.HttpContext.Items[Item] = context.HttpContext.RequestServices.GetRequiredService<KeptForms>().seal.Protect(JsonSerializer.Serialize(kept), Age);
    }

    /// <summary>Answers such a request with the sign-in page itself: a redirect could not carry the form.</summary>
    internal static async Task ShowSignInAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (Of(context) is not { } kept || context.Response.HasStarted)
        {
            return;
        }

        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        context.Features.Set<IFormFeature>(null);
        context.Request.Method = HttpMethods.Get;
        context.Request.ContentType = null;
        context.Request.QueryString = QueryString.Create("returnUrl", context.RequestServices.GetRequiredService<KeptForms>().Open(kept)?.Path ?? "/");
        context.Request.Path = "/sign-in";
        context.Response.StatusCode = StatusCodes.Status200OK;
        await next(context);
    }

    /// <summary>Keeps the form for the page it was typed into, unless another person signed in at the same browser.</summary>
    public async Task KeepAsync(string? sealedForm, Guid account, HttpContext context)
    {
        if (Open(sealedForm) is not { } form || (form.Account is { } owner && owner != account))
        {
            return;
        }

        await using var command = source.CreateCommand("""
            with old as (delete from signin.kept_forms where kept_at < clock_timestamp() - interval '12 hours')
            insert into signin.kept_forms (account_id, sealed, kept_at) values ($1, $2, clock_timestamp())
            on conflict (account_id) do update set sealed = excluded.sealed, kept_at = excluded.kept_at
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = sealedForm });
        await command.ExecuteNonQueryAsync(context.RequestAborted);
        context.Response.Cookies.Append(Marker, "1", new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true });
    }

    /// <summary>The form that was typed into this very page; given out once.</summary>
    public async Task<KeptForm?> TakeAsync(HttpContext context)
    {
        if (!context.Request.Cookies.ContainsKey(Marker) || !Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var account))
        {
            return null;
        }

        context.Response.Cookies.Delete(Marker);
        await using var command = source.CreateCommand("delete from signin.kept_forms where account_id = $1 returning sealed");
        command.Parameters.Add(new() { Value = account });
        var form = Open(await command.ExecuteScalarAsync(context.RequestAborted) as string);
        return form?.Path == context.Request.PathBase + context.Request.Path + context.Request.QueryString ? form : null;
    }

    private KeptForm? Open(string? sealedForm)
    {
        if (string.IsNullOrEmpty(sealedForm))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<KeptForm>(seal.Unprotect(sealedForm));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Too old, or not ours: there is nothing to restore, and signing in goes on.
            return null;
        }
    }
}
