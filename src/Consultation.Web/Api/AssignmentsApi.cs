using System.ComponentModel.DataAnnotations;
using Consultation.CaseLoad;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;

namespace Consultation.Web.Api;

/// <summary>Plans of the board, and the projection of waiting days.</summary>
internal static class AssignmentsApi
{
    public static void MapAssignments(this IEndpointRouteBuilder api)
    {
        api.MapPost("/assignments", (Delegate)PreviewAsync)
            .Says("割当て案を作る", "cases を省くと、割当てを待つすべての案件（受付の古い500件まで）。greedy は急ぐ案件から1件ずつ、optimal は全体で最適。だれにも打診しない。点数は統括だけに見える。")
            .Takes<PlanBody>(mayBeEmpty: true).Gives<PlanAnswer>(StatusCodes.Status201Created);
        api.MapGet("/assignments/{id:guid}", async (HttpContext http, BoardPlanId id) => (IResult)await ShowAsync(http, id))
            .Says("割当て案", "作ったときのままの案と、打診のいまの状態。").Gives<PlanAnswer>();
        api.MapPost("/assignments/{id:guid}/apply", (HttpContext http, BoardPlanId id) => http.Do(
                (ApplyBody body) => new ApplyAssignment(id, body.Choice),
                (done, _) => Task.FromResult(PlanActAnswer.Of(done))))
            .Says("案のとおりに打診する", "全部か、なしか。案の後に変わったものがあれば 409 assignment.outdated（changes に一覧）で、何も打診しない。同じ案の繰り返しは repeated:true。")
            .Takes<ApplyBody>().Gives<PlanActAnswer>();
        api.MapPost("/assignments/{id:guid}/undo", (HttpContext http, BoardPlanId id) => http.Do(
                (NothingBody _) => new UndoAssignment(id),
                (done, _) => Task.FromResult(PlanActAnswer.Of(done)), mayBeEmpty: true))
            .Says("案の打診を取り消す", "回答のない打診だけを取り消す。案件は元の受付順と期限のまま割当て待ちに戻る。").Gives<PlanActAnswer>();
    }

    public static void MapWaitingProjection(this IEndpointRouteBuilder api) =>
        api.MapGet("/waiting-projection", ProjectAsync)
            .Says("待ち日数の見込み", "away（専門家の id、コンマ区切り）が from〜to に不在、または added（mic|mhlw|both）の専門家が addedDistricts（省くと全国）に1人増えたときの、地区・省ごとの見込み。"
                + "直近 weeks 週（既定8）の受付と受諾が続くとみなす。日数は営業日。見積もれないときは null。")
            .Codes<Affiliation>("added").Gives<WaitingProjectionView>();

    private static Task<IResult> PreviewAsync(HttpContext http) => http.Do(
        (PlanBody body) => new PreviewAssignment(body.Cases),
        (BoardResult made, PlanBody _) => ShowAsync(http, made.Id, StatusCodes.Status201Created), mayBeEmpty: true);

    private static async Task<Answer> ShowAsync(HttpContext http, BoardPlanId id, int status = StatusCodes.Status200OK)
    {
        var plan = await http.Ask(new GetAssignment(id));
        return Answer.Of(PlanAnswer.Of(plan), plan.Version, status);
    }

    private static async Task<IResult> ProjectAsync(HttpContext http, string? away, string? from, string? to, string? weeks, string? added, string? addedDistricts)
    {
        var faults = new List<InputError>();
        var query = new ProjectWaiting(
            [.. Listed(away).Select(id => Known(id, faults)).OfType<ExpertId>()], InputReader.Date(from, "from", faults), InputReader.Date(to, "to", faults),
            ApiCall.Number(weeks, "weeks", "field.wrong_type", faults), InputReader.Code<Affiliation>(ApiCall.Given(added), "added", faults), Listed(addedDistricts));
        return Answer.Of(await http.Ask(query, faults));
    }

    private static string[] Listed(string? text) => string.IsNullOrEmpty(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ExpertId? Known(string id, List<InputError> faults)
    {
        if (ExpertId.TryParse(id, null, out var known))
        {
            return known;
        }

        faults.Add(new("away", "field.unknown_code"));
        return null;
    }
}

internal sealed record PlanBody(IReadOnlyList<CaseId>? Cases);

internal sealed record ApplyBody([property: Required] AssignmentChoice? Choice);

internal sealed record PlanActAnswer(
    BoardPlanId Id, BoardPlanState State, AssignmentChoice? Choice, DateTimeOffset? AppliedAt, string? AppliedBy, DateTimeOffset? UndoneAt, string? UndoneBy, bool Repeated, int Withdrawn, int Kept)
{
    public static Answer Of(BoardResult r) => Answer.Of(
        new PlanActAnswer(r.Id, r.State, r.Choice, r.AppliedAt, r.AppliedBy, r.UndoneAt, r.UndoneBy, r.Repeated, r.Withdrawn, r.Kept), r.Version);
}

internal sealed record PlanAnswer(
    BoardPlanId Id, BoardPlanState State, DateTimeOffset MadeAt, string MadeBy, string? District, string RuleVersion, string ContentHash, AssignmentChoice? Choice, DateTimeOffset? AppliedAt,
    string? AppliedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int More, IReadOnlyList<LeftOutAnswer> LeftOut, Spread Before, ProposalView Greedy, ProposalView Optimal, IReadOnlyList<PlanNeedAnswer> Needs)
{
    public static PlanAnswer Of(BoardPlanView v) => new(
        v.Id, v.State, v.MadeAt, v.MadeBy, v.District, v.RuleVersion, v.ContentHash, v.Choice, v.AppliedAt, v.AppliedBy, v.UndoneAt, v.UndoneBy, v.More,
        [.. v.LeftOut.Select(c => new LeftOutAnswer(c.Case, c.Number, c.Status, c.OnHold))], v.Before, v.Greedy, v.Optimal,
        [.. v.Needs.Select(n => new PlanNeedAnswer(
            n.Case, n.Number, n.Organisation, n.Track, n.ReceivedAt, n.DueAt, n.Waited, n.Pressing, n.Greedy, n.Optimal, n.NobodyGreedy, n.NobodyOptimal,
            [.. n.Candidates.Select(c => new PlanCandidateAnswer(c.ExpertId, c.Name, c.Score, c.Reasons, c.Excluded))], n.Offer?.Id, n.Offer?.State))]);
}

internal sealed record LeftOutAnswer(CaseId CaseId, string Number, CaseStatus Status, bool OnHold);

/// <summary>The reason stands where nobody is asked; the offer once the plan is applied.</summary>
internal sealed record PlanNeedAnswer(
    CaseId CaseId, string Number, string? Organisation, Track Track, DateTimeOffset ReceivedAt, DateTimeOffset? DueAt, int WaitedBusinessDays, IReadOnlyList<string> Pressing,
    BoardChoiceView? Greedy, BoardChoiceView? Optimal, string? NobodyGreedy, string? NobodyOptimal, IReadOnlyList<PlanCandidateAnswer> Candidates, OfferId? OfferId, OfferState? OfferState);

internal sealed record PlanCandidateAnswer(ExpertId ExpertId, string Name, int? Score, IReadOnlyList<string> Reasons, IReadOnlyList<Exclusion> Excluded);
