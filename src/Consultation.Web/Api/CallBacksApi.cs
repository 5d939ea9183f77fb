using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Web.Api;

/// <summary>Calls that are owed.</summary>
internal static class CallBacksApi
{
    public static void MapCallBacks(this IEndpointRouteBuilder api) =>
        api.MapGet("/call-backs", async (HttpContext http, string? desk) =>
                (IResult)Answer.Of(new Page<OwedCall>(await http.Ask(new ListCallBacks(ApiCall.Given(desk))), null)))
            .Says("折り返しの約束", "早い順。既定は自分の窓口、全国を担当する人にはすべて。").Gives<Page<OwedCall>>();
}
