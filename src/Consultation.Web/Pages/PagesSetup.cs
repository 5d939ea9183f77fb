using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;

namespace Consultation.Web.Pages;

/// <summary>What the host needs to know of the pages.</summary>
public static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorPages();
        // Japanese stands in the page as itself: as references it would be six times as long.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return services;
    }

    /// <summary>Every refusal that leaves without a body gets a page in words; a fault gets the same without details.</summary>
    public static IApplicationBuilder UseStatusPages(this IApplicationBuilder app) =>
        app.UseExceptionHandler("/status/500").UseStatusCodePagesWithReExecute("/status/{0}");
}
