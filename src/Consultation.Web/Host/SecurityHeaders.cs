using System.Security.Cryptography;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Net.Http.Headers;

namespace Consultation.Web.Host;

/// <summary>The headers of every answer (design §7): a strict content policy with a nonce, nothing cached that a signed-in person sees.</summary>
public static class SecurityHeaders
{
    private const string NonceItem = "csp-nonce";

    public static string NonceOf(HttpContext context)
    {
        if (context.Items[NonceItem] is string known)
        {
            return known;
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        context.Items[NonceItem] = nonce;
        return nonce;
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // Asked before anything is done: the page of a status stands in under another path.
        var secret = SecretLinks.IsSecret(context.Request.Path);
        context.Response.OnStarting(() =>
        {
            Write(context, secret);
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static void Write(HttpContext context, bool secret)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{NonceOf(context)}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = secret ? "no-referrer" : "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (context.User.Identity?.IsAuthenticated == true && !headers.ContainsKey(HeaderNames.CacheControl))
        {
            headers.CacheControl = "no-store";
        }
    }
}

/// <summary>Every script element written in a page gets the nonce of its answer; one that was smuggled in as text gets none.</summary>
[HtmlTargetElement("script")]
public sealed class ScriptNonce(IHttpContextAccessor accessor) : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output) =>
        output.Attributes.SetAttribute("nonce", SecurityHeaders.NonceOf(accessor.HttpContext!));
}
