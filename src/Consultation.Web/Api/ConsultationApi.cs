using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Consultation.Web.Api;

/// <summary>The HTTP contract of design §6 as a whole: what the host adds, uses and maps.</summary>
public static class ConsultationApi
{
    public static IServiceCollection AddConsultationApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi("v1", OpenApiDocument.Describe);
        return services;
    }

    /// <summary>Stands before routing and sign-in, so that their refusals are problems too; pages have their own.</summary>
    public static void UseConsultationApi(this IApplicationBuilder app)
    {
        app.Use((http, next) =>
        {
            // HEAD is GET without the body, which the server leaves out by itself; pages and files know that already.
            if (HttpMethods.IsHead(http.Request.Method) && (http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/openapi")))
            {
                http.Request.Method = HttpMethods.Get;
            }

            return next(http);
        });
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), branch => branch.UseMiddleware<Problems>());
    }

    public static void MapConsultationApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var api = endpoints.MapGroup("/api/v1").AddEndpointFilter(async (context, next) =>
            IsBroken(context.HttpContext.Request) ? throw JsonBody.Unreadable() : await next(context));
        api.MapGroup("").WithTags("受付").MapInquiries();
        api.MapGroup("").WithTags("受付").MapTallies();
        api.MapGroup("").WithTags("受付").MapCallBacks();
        api.MapGroup("").WithTags("案件").MapCases();
        api.MapGroup("").WithTags("案件").MapCaseActions();
        api.MapGroup("").WithTags("打診").MapOffers();
        api.MapGroup("").WithTags("割当て").MapAssignments();
        api.MapGroup("").WithTags("訪問・相談").MapVisits();
        api.MapGroup("").WithTags("フォローアップ").MapFollowUps();
        api.MapGroup("").WithTags("専門家").MapExperts();
        api.MapGroup("").WithTags("引継ぎ").MapHandovers();
        api.MapGroup("").WithTags("集計").MapCaseLoad();
        api.MapGroup("").WithTags("集計").MapWaitingProjection();
    }

    // The server turns bytes that are no UTF-8 into a replacement character, and nobody would notice that it is not what was asked for.
    private static bool IsBroken(HttpRequest request)
    {
        var raw = Encoding.UTF8.GetBytes(request.QueryString.Value ?? "");
        return request.Query.Any(q => q.Value.Any(v => v?.Contains('\0', StringComparison.Ordinal) == true)) || !Utf8.IsValid(WebUtility.UrlDecodeToBytes(raw, 0, raw.Length));
    }
}
