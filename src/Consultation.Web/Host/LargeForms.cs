using Microsoft.AspNetCore.Http.Features;

namespace Consultation.Web.Host;

/// <summary>
/// Forms that carry too much are told so by a page (413). Whoever is refused while still sending sees a broken connection instead of the
/// page; so the rest is read and dropped, up to a bound. The API reads its bodies in its own way.
/// </summary>
internal static class LargeForms
{
    private const long MostDropped = 64 * 1024 * 1024;

    /// <param name="app">Behind the status pages and before whatever reads forms.</param>
    /// <param name="most">The most a form may carry, in bytes.</param>
    public static void UseLargeForms(this IApplicationBuilder app, long most) => app.Use(async (http, next) =>
    {
        if (http.Request.Path.StartsWithSegments("/api") || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true || http.Request.ContentLength <= most)
        {
            await next(http);
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        // Without a length (chunked) it shows only in reading whether it is too much.
        var kept = new MemoryStream();
        if (await FitsAsync(http.Request.Body, kept, most, http.RequestAborted))
        {
            kept.Position = 0;
            http.Request.Body = kept;
            await next(http);
            return;
        }

        // The page that explains is rendered for this very request and must not look for a form in it.
        http.Request.Body = Stream.Null;
        http.Request.ContentType = null;
        http.Request.ContentLength = 0;
        http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
    });

    private static async Task<bool> FitsAsync(Stream body, MemoryStream kept, long most, CancellationToken cancellationToken)
    {
        var buffer = new byte[81_920];
        long total = 0;
        int read;
        while (total <= MostDropped && (read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total <= most)
            {
                await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }

        return total <= most;
    }
}
