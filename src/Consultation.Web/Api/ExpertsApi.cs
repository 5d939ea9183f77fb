using System.ComponentModel.DataAnnotations;
using Consultation.Experts;
using Consultation.Messaging;

namespace Consultation.Web.Api;

/// <summary>Experts, their working pattern and their absences.</summary>
internal static class ExpertsApi
{
    public static void MapExperts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/experts", ListAsync)
            .Says("専門家の一覧", "氏名順。専門家には自分だけ。").Gives<Page<ExpertView>>();
        api.MapPost("/experts", (Delegate)((HttpContext http) => http.Do(
                (ExpertBody body) => new CreateExpert(
                    body.Name, body.Affiliation, body.Prefecture, body.DisplayTitle, body.Email, body.Phone, body.Capacity, body.Nationwide ?? false, body.Districts,
                    body.Prefectures, body.Modes, body.Topics?.Select(t => new TopicLevel(t.Code ?? "", t.Level ?? 0)).ToList(), body.Industries, body.TermFrom, body.TermTo,
                    HoursBody.Told(body.Hours), body.OwnClients),
                (made, _) => Task.FromResult(Answer.Created(made, made.Version)))))
            .Says("専門家を登録する", "ownClients は顧問先・関係先の法人番号か名称。その企業の案件は打診の対象外になる。").Takes<ExpertBody>().Gives<ExpertView>(StatusCodes.Status201Created);
        api.MapPut("/experts/{id:guid}/availability", (HttpContext http, ExpertId id) => http.Do(
                (AvailabilityBody body) => new SetAvailability(id, HoursBody.Told(body.Hours), body.Modes, body.Capacity, DayBody.Told(body.Days)),
                (set, _) => Task.FromResult(Answer.Of(set, set.Version))))
            .Says("勤務時間帯を入れ替える", "hours は週の全体。空の一覧は「予定なし」。hours・days の modes はその時間帯に受ける方法（なければ modes の全部）。days はその日だけの時間で、週の時間の代わりになる。days がなければ登録済みのまま、あれば今日以降の全部と入れ替える。").Takes<AvailabilityBody>().Gives<ExpertView>();
        api.MapPost("/experts/{id:guid}/absences", (HttpContext http, ExpertId id) => http.Do(
                (AbsenceBody body) => new AddAbsence(id, body.From, body.To, body.Reason),
                (set, _) => Task.FromResult(Answer.Created(set, set.Version))))
            .Says("休みを入れる", "from・to は日時か日付。日付だけなら、from はその日の 0:00 から、to はその日の終わりまで（日本時間）。予約済みの訪問は残る。").Takes<AbsenceBody>().Gives<ExpertView>(StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? district, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var query = new ListExperts(ApiCall.Given(district), After: InputReader.Place<ExpertId>(after, faults), Limit: ApiCall.Limit(limit, faults));
        return Answer.Of(await http.Ask(query, faults));
    }
}

internal sealed record ExpertBody(
    [property: Required] string? Name, [property: Required] Affiliation? Affiliation, [property: Required] string? Prefecture, string? DisplayTitle, string? Email, string? Phone,
    int? Capacity, bool? Nationwide, IReadOnlyList<string>? Districts, IReadOnlyList<string>? Prefectures, IReadOnlyList<VisitMode>? Modes, IReadOnlyList<TopicBody>? Topics,
    IReadOnlyList<string>? Industries, DateOnly? TermFrom, DateOnly? TermTo, IReadOnlyList<HoursBody>? Hours, IReadOnlyList<string>? OwnClients);

internal sealed record TopicBody([property: Required] string? Code, [property: Required] int? Level);

/// <summary>One stretch of a week, half-open, Japan time.</summary>
internal sealed record HoursBody([property: Required] DayOfWeek? Weekday, [property: Required] TimeOnly? From, [property: Required] TimeOnly? To, IReadOnlyList<VisitMode>? Modes)
{
    // A stretch that could not be read is a fault already; it is left out, so that the rest is judged too.
    public static IReadOnlyList<WorkingHours>? Told(IReadOnlyList<HoursBody>? hours) =>
        hours?.Where(h => h is { Weekday: not null, From: not null, To: not null }).Select(h => new WorkingHours(h.Weekday!.Value, h.From!.Value, h.To!.Value, h.Modes)).ToList();
}

internal sealed record AvailabilityBody([property: Required] IReadOnlyList<HoursBody>? Hours, IReadOnlyList<VisitMode>? Modes, int? Capacity, IReadOnlyList<DayBody>? Days);

/// <summary>Hours of one day only, half-open, Japan time.</summary>
internal sealed record DayBody([property: Required] DateOnly? Date, [property: Required] TimeOnly? From, [property: Required] TimeOnly? To, IReadOnlyList<VisitMode>? Modes)
{
    public static IReadOnlyList<DayHours>? Told(IReadOnlyList<DayBody>? days) =>
        days?.Where(d => d is { Date: not null, From: not null, To: not null }).Select(d => new DayHours(d.Date!.Value, d.From!.Value, d.To!.Value, d.Modes)).ToList();
}

internal sealed record AbsenceBody(
    [property: Required, WholeDay] DateTimeOffset? From, [property: Required, WholeDay(AtEnd = true)] DateTimeOffset? To, [property: Required] string? Reason);
