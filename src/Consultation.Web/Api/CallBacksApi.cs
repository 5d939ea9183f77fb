using Consultation.Cases;
using Consultation.Messaging;

namespace Consultation.Web.Api;

/// <summary>Calls that are owed.</summary>
internal static class CallBacksApi
{
    public static void MapCallBacks(this IEndpointRouteBuilder api) =>
        api.MapGet("/call-backs", ListAsync)
            .Says("折り返しの約束", "早い順。既定は自分の窓口、全国を担当する人にはすべて。").Gives<Page<OwedCallAnswer>>();

    private static async Task<IResult> ListAsync(HttpContext http, string? desk, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var page = await http.Ask(new ListCallBacks(ApiCall.Given(desk), ApiCall.Given(after), ApiCall.Limit(limit, faults)), faults);
        return Answer.Of(new Page<OwedCallAnswer>(page.Items.Select(OwedCallAnswer.Of).ToList(), page.Next));
    }
}

internal sealed record OwedCallAnswer(
    CallBackId Id, CaseId CaseId, string Number, string? Organisation, string? Person, string? Phone, DateTimeOffset DueAt, string Why, int Attempts, string Reason, bool IsDue)
{
    public static OwedCallAnswer Of(OwedCall c) => new(c.Id, c.Case, c.Number, c.Organisation, c.Person, c.Phone, c.DueAt, c.Why, c.Attempts, c.Reason, c.IsDue);
}
