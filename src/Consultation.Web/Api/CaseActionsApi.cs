using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Topics;

namespace Consultation.Web.Api;

/// <summary>What is done to a case; each answers with the case as it stands then.</summary>
internal static class CaseActionsApi
{
    public static void MapCaseActions(this IEndpointRouteBuilder api)
    {
        var one = api.MapGroup("/cases/{id:guid}");
        one.MapPost("/contacts", (HttpContext http, CaseId id) => http.Do(
                (ContactedBody body) => new RecordContact(id, body.Direction, body.Channel, body.Result, body.At, body.Minutes, body.Person, body.Text, body.CallBackAt),
                (RecordedContact told, ContactedBody _) => CasesApi.ShowAsync(http, id, StatusCodes.Status201Created, told.Version)))
            .Says("対応記録を残す", "どの窓口も、どの案件にも残せる。他地区の窓口には {id, number, status, holder, next} が返る。")
            .Takes<ContactedBody>().Gives<CaseAnswer>(StatusCodes.Status201Created).OrReduced();
        one.MapPost("/notes", (HttpContext http, CaseId id) => http.Change(id, (NoteBody body) => new AddNote(id, body.Text), status: StatusCodes.Status201Created))
            .Says("内部メモを書く").Takes<NoteBody>().Gives<CaseAnswer>(StatusCodes.Status201Created);
        one.MapPost("/route", (HttpContext http, CaseId id) => http.Change(id, (RouteBody body) => new RouteCase(id, body.Tracks, body.Start, body.Topics, body.Reason)))
            .Says("振り分ける", "両省を同時に始めるとき、または提案と違うときは reason が必要。").Takes<RouteBody>().Gives<CaseAnswer>();
        one.MapPost("/join", (HttpContext http, CaseId id) => http.Change(id, (JoinBody body) => new JoinTrack(id, body.Track)))
            .Says("もう一方の省も始める", "主担当から始めた案件で、窓口か主担当の専門家が頼む。").Takes<JoinBody>().Gives<CaseAnswer>();
        one.MapPost("/close", (HttpContext http, CaseId id) => http.Change(
                id, (CloseBody body) => new CloseCase(id, body.Outcome, body.StatusAfter, body.CloseOpenWork ?? false, body.Reason)))
            .Says("完了にする", "未完了のものがあると 409 case.open_work（errors と objections に全部）。closeOpenWork で一緒に取り消す。").Takes<CloseBody>().Gives<CaseAnswer>();
        one.MapPost("/reopen", (HttpContext http, CaseId id) => http.Change(id, (ReasonBody body) => new ReopenCase(id, body.Reason)))
            .Says("再開する（完了の取消し）").Takes<ReasonBody>().Gives<CaseAnswer>();
        one.MapPost("/hold", (HttpContext http, CaseId id) => http.Change(id, (ReasonBody body) => new HoldCase(id, body.Reason)))
            .Says("保留にする（相談者の回答待ち）").Takes<ReasonBody>().Gives<CaseAnswer>();
        one.MapPost("/resume", (HttpContext http, CaseId id) => http.Change(id, (NothingBody _) => new ResumeCase(id), mayBeEmpty: true))
            .Says("保留を解く").Gives<CaseAnswer>();
        one.MapPost("/hand-over", (HttpContext http, CaseId id) => http.Change(id, (HandOverBody body) => new HandOverCase(id, body.Desk, body.Reason)))
            .Says("別の窓口へ引き継ぐ").Takes<HandOverBody>().Gives<CaseAnswer>().OrReduced();
    }
}

internal sealed record NothingBody;

internal sealed record ContactedBody(
    [property: Required] ContactDirection? Direction, [property: Required] Channel? Channel, DateTimeOffset? At, int? Minutes, string? Person,
    [property: Required] ContactResult? Result, string? Text, DateTimeOffset? CallBackAt);

internal sealed record NoteBody([property: Required] string? Text);

internal sealed record RouteBody([property: Required] IReadOnlyList<Track>? Tracks, StartMode? Start, IReadOnlyList<string>? Topics, string? Reason);

internal sealed record JoinBody([property: Required] Track? Track);

internal sealed record CloseBody([property: Required] CaseOutcome? Outcome, TeleworkStatus? StatusAfter, bool? CloseOpenWork, string? Reason);

internal sealed record ReasonBody([property: Required] string? Reason);

internal sealed record HandOverBody([property: Required] string? Desk, [property: Required] string? Reason);
