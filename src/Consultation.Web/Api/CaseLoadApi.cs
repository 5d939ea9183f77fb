using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;

namespace Consultation.Web.Api;

/// <summary>The figures of 担当・滞留状況.</summary>
internal static class CaseLoadApi
{
    public static void MapCaseLoad(this IEndpointRouteBuilder api) =>
        api.MapGet("/case-load", ShowAsync)
            .Says("担当・滞留状況の数", "by ごとに未完了の案件を数える。合同の案件は分野・省・専門家の各行に入り、total では1件。visits は from〜to（既定は今年度の初めからきょうまで）に実施した回数。"
                + "waiting は専門家が決まっていない案件（受付・割当待ち・受諾待ち）。地区の業務責任者には管内だけ。")
            .Codes<CaseLoadBy>("by").Gives<CaseLoadAnswer>();

    private static async Task<IResult> ShowAsync(HttpContext http, string? by, string? from, string? to)
    {
        var faults = new List<InputError>();
        var query = new GetCaseLoad(InputReader.Code<CaseLoadBy>(ApiCall.Given(by), "by", faults), InputReader.Date(from, "from", faults), InputReader.Date(to, "to", faults));
        return CaseLoadAnswer.Of(await http.Ask(query, faults));
    }
}

internal sealed record CaseLoadAnswer(
    CaseLoadBy By, DateTimeOffset AsOf, DateOnly From, DateOnly To, string? District, IReadOnlyList<CaseLoadRowAnswer> Rows, CaseLoadRowAnswer Total)
{
    public static Answer Of(CaseLoadView v) =>
        Answer.Of(new CaseLoadAnswer(v.By, v.AsOf, v.From, v.To, v.District, [.. v.Rows.Select(CaseLoadRowAnswer.Of)], CaseLoadRowAnswer.Of(v.Total)));
}

/// <summary>Null members say that the row has no such figure: only experts have a load and a capacity.</summary>
internal sealed record CaseLoadRowAnswer(
    string Key, string Name, int Open, IReadOnlyDictionary<string, int> ByStatus, int OnHold, int Waiting, int Overdue, int DueToday, int? OldestWaitingDays,
    int? OldestWaitingBusinessDays, int Joint, double JointShare, int Visits, int? Asked, int? Load, int? Capacity, bool? OffersStopped)
{
    public static CaseLoadRowAnswer Of(CaseLoadRow r) => new(
        r.Key, r.Name, r.Open, r.ByStatus.ToDictionary(s => EnumText.Of(s.Key), s => s.Value), r.OnHold, r.Waiting, r.Overdue, r.DueToday, r.OldestWaitingDays,
        r.OldestWaitingBusinessDays, r.Joint, r.JointShare, r.Visits, r.Expert?.Asked, r.Expert?.Load, r.Expert?.Capacity, r.Expert is { } e ? e.Stopped is not null : null);
}
