using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Topics;

namespace Consultation.Web.Api;

/// <summary>Candidates, offers and their answers, and taking a track back.</summary>
internal static class OffersApi
{
    public static void MapOffers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/cases/{id:guid}/candidates", CandidatesAsync)
            .Says("専門家の候補", "合う順。除外された人には excluded に理由が入る。changes は、何が変われば打診できるか、または1番目になるか。ranked は相談者の希望の順位。点数は統括だけに見える。").Codes<Track>("track").Gives<Page<Candidate>>();
        api.MapPost("/cases/{id:guid}/ranking", (HttpContext http, CaseId id) => http.Change(
                id, (RankingBody body) => new RankCandidates(id, body.Track, body.Experts?.Select(e => (ExpertId?)e).ToList(), body.Told)))
            .Says("相談者の希望を記録する", "第1希望から順に3人まで、いま打診できる専門家の expertId。空の一覧で取り消す。told は確認の方法（電話で など）。年度の事業の設定で、相談者に希望を聞くときだけ。").Takes<RankingBody>().Gives<CaseAnswer>();
        api.MapPost("/cases/{id:guid}/offers", (HttpContext http, CaseId id) => http.Do(
                (OfferBody body) => new OfferCase(id, body.Track, body.ExpertId, body.Auto ?? false, body.Reason),
                (made, _) => Task.FromResult(OfferAnswer.Created(made))))
            .Says("専門家に打診する", "expertId か auto:true のどちらか。").Takes<OfferBody>().Gives<OfferAnswer>(StatusCodes.Status201Created);
        api.MapGet("/offers", ListAsync)
            .Says("打診の一覧", "古い順。既定は state=open。専門家には自分への打診だけ。").Codes<OfferState>("state").Gives<Page<OfferRowAnswer>>();
        api.MapPost("/offers/{id:guid}/accept", (HttpContext http, OfferId id) => http.Do(
                (AnswerBody body) => new AcceptOffer(id, body.Source),
                (given, _) => Task.FromResult(OfferAnswer.Of(given)), mayBeEmpty: true))
            .Says("受諾する", "窓口が代わりに記録するときは source（電話で受諾 など）。").Takes<AnswerBody>(mayBeEmpty: true).Gives<OfferAnswer>();
        api.MapPost("/offers/{id:guid}/decline", (HttpContext http, OfferId id) => http.Do(
                (AnswerBody body) => new DeclineOffer(id, body.Reason, body.Source),
                (given, _) => Task.FromResult(OfferAnswer.Of(given)), mayBeEmpty: true))
            .Says("辞退する", "案件は元の受付順のまま割当待ちに戻る。").Takes<AnswerBody>(mayBeEmpty: true).Gives<OfferAnswer>();
        api.MapPost("/cases/{id:guid}/reassign", (HttpContext http, CaseId id) => http.Do(
                (ReassignBody body) => new ReassignTrack(id, body.Track, body.ExpertId, body.Reason),
                (OfferResult made, ReassignBody _) => CasesApi.ShowAsync(http, id, version: made.Version)))
            .Says("担当を替える", "いまの担当を外し、別の専門家に打診する（統括のみ）。").Takes<ReassignBody>().Gives<CaseAnswer>();
    }

    private static async Task<IResult> CandidatesAsync(HttpContext http, CaseId id, string? track, string? on, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var query = new ListCandidates(id, InputReader.Code<Track>(track, "track", faults), InputReader.Date(on, "on", faults));
        var part = Part.Of(after, limit, faults);
        return Answer.Of(part.Cut(await http.Ask(query, faults), c => c.ExpertId.ToString()));
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? state, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var query = new ListOffers(InputReader.Code<OfferState>(state, "state", faults), InputReader.Place<OfferId>(after, faults), ApiCall.Limit(limit, faults));
        var page = await http.Ask(query, faults);
        return Answer.Of(new Page<OfferRowAnswer>(page.Items.Select(OfferRowAnswer.Of).ToList(), page.Next));
    }
}

internal sealed record OfferBody([property: Required] Track? Track, ExpertId? ExpertId, bool? Auto, string? Reason);

internal sealed record RankingBody([property: Required] Track? Track, [property: Required] IReadOnlyList<ExpertId>? Experts, string? Told);

internal sealed record AnswerBody(string? Reason, string? Source);

internal sealed record ReassignBody([property: Required] Track? Track, [property: Required] ExpertId? ExpertId, [property: Required] string? Reason);

internal sealed record OfferAnswer(
    OfferId Id, CaseId CaseId, string Number, CaseStatus Status, Track Track, ExpertId ExpertId, string ExpertName, OfferState State, DateTimeOffset OfferedAt,
    DateTimeOffset RespondBy, DateTimeOffset? AnsweredAt)
{
    public static Answer Of(OfferResult result) => Answer.Of(Body(result), result.Version);

    public static Answer Created(OfferResult result) => Answer.Created(Body(result), result.Version);

    private static OfferAnswer Body(OfferResult r) =>
        new(r.Id, r.Case, r.Number, r.Status, r.Track, r.Expert, r.ExpertName, r.State, r.OfferedAt, r.RespondBy, r.AnsweredAt);
}

internal sealed record OfferRowAnswer(
    OfferId Id, CaseId CaseId, string Number, CaseStatus Status, Track Track, OfferState State, ExpertId ExpertId, string ExpertName, DateTimeOffset OfferedAt,
    DateTimeOffset RespondBy, DateTimeOffset? AnsweredAt, string? Source, string? Reason, string? Organisation, string? Prefecture, string? City, string? Industry,
    int? Employees, IReadOnlyList<string> Topics, VisitMode? PreferredMode, TeleworkStatus TeleworkStatus, OfferContact? Contact, string? Why)
{
    public static OfferRowAnswer Of(OfferView v) => new(
        v.Id, v.Case, v.Number, v.Status, v.Track, v.State, v.ExpertId, v.ExpertName, v.OfferedAt, v.RespondBy, v.AnsweredAt, v.Source, v.Reason, v.Organisation,
        v.Prefecture, v.City, v.Industry, v.Employees, v.Topics, v.PreferredMode, v.TeleworkStatus, v.Contact, v.Why);
}
