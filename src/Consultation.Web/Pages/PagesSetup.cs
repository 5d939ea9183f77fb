using System.Text.Encodings.Web;
using System.Text.Unicode;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.WebEncoders;

namespace Consultation.Web.Pages;

/// <summary>What the host needs to know of the pages.</summary>
public static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        // The sheet of a case, and of one of its visits.
        services.AddRazorPages(pages => pages.Conventions.AddPageRoute("/Visits/Sheet", "cases/{id}/visits/{visit}/sheet"));
        services.AddScoped<DeskClock>();
        services.AddSingleton<SealedWords>();
        services.Configure<MvcOptions>(options =>
        {
            options.Filters.Add<RefusedPages>();
            options.Filters.Add<RestoredForms>();
            options.Filters.Add<UnknownActs>();
            BindingWords.Set(options.ModelBindingMessageProvider);
            // What is missing is told by the requests, in words of our own; a page only carries texts.
            options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
        });
        // Japanese stands in the page as itself: as references it would be six times as long.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return services;
    }
}
