using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Handover;
using Consultation.Messaging;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Web.Api;

/// <summary>What stands in an expert's absence, who takes it over, one approval, and the way back (journey J14).</summary>
internal static class HandoversApi
{
    public static void MapHandovers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/experts/{id:guid}/visits-in-absence", StandingAsync)
            .Says("不在と重なる予約", "これからの不在、または専門家自身の予定と重なる予約。日時の順。見られない案件の予約は時間だけ。").Gives<Page<StandingVisitAnswer>>();
        api.MapGet("/experts/{id:guid}/hand-overs", ApprovedAsync)
            .Says("専門家の引継ぎの一覧（統括のみ）", "承認した引継ぎ、新しい10件。").Gives<Page<HandoverLineAnswer>>();
        api.MapPost("/experts/{id:guid}/hand-overs", (HttpContext http, ExpertId id) => http.Do(
                (ProposeBody body) => new ProposeHandover(id, body.From, body.To),
                (HandoverResult made, ProposeBody _) => ShowAsync(http, made.Id, StatusCodes.Status201Created), mayBeEmpty: true))
            .Says("引継ぎの案を作る（統括のみ）", "from・to を省くと、いまの、または次の不在。不在の間に予約・打診の回答・日程の期限がある担当と、フォローアップを挙げ、代わりの専門家を提案する。案を作るだけで何も変えない。")
            .Takes<ProposeBody>(mayBeEmpty: true).Gives<HandoverAnswer>(StatusCodes.Status201Created);
        var one = api.MapGroup("/hand-overs/{id:guid}");
        one.MapGet("", async (HttpContext http, HandoverPlanId id) => (IResult)await ShowAsync(http, id))
            .Says("引継ぎの案（統括のみ）", "案の間は提案した専門家、承認の後は引き継いだ専門家が expertId に入る。").Gives<HandoverAnswer>();
        one.MapPost("/approve", (HttpContext http, HandoverPlanId id) => http.Do(
                (HandoverApproveBody body) => new ApproveHandover(id, body.Source, body.Told), (done, _) => Task.FromResult(HandoverActAnswer.Of(done))))
            .Says("引継ぎを承認する（統括のみ）", "全部か、なしか。choices は案と違う人にするものだけで、expertId がなければ引き継がない。案の後に変わったものがあれば 409 handover.outdated（changes に一覧）。繰り返しは repeated:true。")
            .Takes<HandoverApproveBody>().Gives<HandoverActAnswer>();
        one.MapPost("/undo", (HttpContext http, HandoverPlanId id) => http.Do(
                (NothingBody _) => new UndoHandover(id), (done, _) => Task.FromResult(HandoverActAnswer.Of(done)), mayBeEmpty: true))
            .Says("引継ぎを元へ戻す（統括のみ）", "復帰した本人に、これからの予約とともに戻す。戻せないものは kept に理由。").Gives<HandoverActAnswer>();
    }

    private static async Task<Answer> ShowAsync(HttpContext http, HandoverPlanId id, int status = StatusCodes.Status200OK)
    {
        var plan = await http.Ask(new GetHandover(id));
        return Answer.Of(HandoverAnswer.Of(plan), plan.Version, status);
    }

    private static async Task<IResult> StandingAsync(HttpContext http, ExpertId id, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var part = Part.Of(after, limit, faults);
        var visits = await http.Ask(new ListVisitsInAbsence(id), faults);
        return Answer.Of(part.Cut([.. visits.Select(StandingVisitAnswer.Of)], v => v.VisitId.ToString()));
    }

    private static async Task<IResult> ApprovedAsync(HttpContext http, ExpertId id, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var part = Part.Of(after, limit, faults);
        var lines = await http.Ask(new ListHandovers(id), faults);
        return Answer.Of(part.Cut([.. lines.Select(l => new HandoverLineAnswer(l.Id, l.State, l.From, l.To, l.ApprovedAt, l.ApprovedBy))], l => l.Id.ToString()));
    }
}

internal sealed record ProposeBody([property: WholeDay] DateTimeOffset? From, [property: WholeDay(AtEnd = true)] DateTimeOffset? To);

internal sealed record HandoverApproveBody([property: Required] string? Source, IReadOnlyList<HandoverChoiceBody>? Choices)
{
    // What could not be read is a fault already.
    internal IReadOnlyList<HandoverChoice>? Told => Choices?.Where(c => c is { CaseId: not null, Track: not null }).Select(c => new HandoverChoice(c.CaseId!.Value, c.Track!.Value, c.ExpertId)).ToList();
}

internal sealed record HandoverChoiceBody([property: Required] CaseId? CaseId, [property: Required] Track? Track, ExpertId? ExpertId);

/// <summary>A booked visit in an absence, or where the expert's own calendar says busy; of a case that the caller may not see the times alone.</summary>
internal sealed record StandingVisitAnswer(
    VisitId VisitId, CaseId? CaseId, string? Number, string? Organisation, string? Prefecture, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, VisitState State, bool InAbsence, bool IsElsewhere)
{
    public static StandingVisitAnswer Of(DiaryVisit v) => new(v.Visit, v.Case, v.Number, v.Organisation, v.Prefecture, v.Start, v.End, v.Mode, v.State, v.InAbsence, v.IsElsewhere);
}

internal sealed record HandoverLineAnswer(HandoverPlanId Id, HandoverState State, DateTimeOffset From, DateTimeOffset To, DateTimeOffset ApprovedAt, string ApprovedBy);

internal sealed record HandoverAnswer(
    HandoverPlanId Id, HandoverState State, ExpertId ExpertId, string Name, DateTimeOffset From, DateTimeOffset To, DateTimeOffset MadeAt, string MadeBy, string? Source, DateTimeOffset? ApprovedAt,
    string? ApprovedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int Elsewhere, IReadOnlyList<HandoverItemAnswer> Items, IReadOnlyList<HandoverFollowUpAnswer> FollowUps)
{
    public static HandoverAnswer Of(HandoverView v) => new(
        v.Id, v.State, v.Expert, v.Name, v.From, v.To, v.MadeAt, v.MadeBy, v.Source, v.ApprovedAt, v.ApprovedBy, v.UndoneAt, v.UndoneBy, v.Elsewhere,
        [.. v.Items.Select(i => new HandoverItemAnswer(
            i.Case, i.Number, i.Organisation, i.Prefecture, i.Track, i.Asked, [.. i.Visits.Select(s => new HandoverVisitAnswer(s.Visit, s.Ordinal, s.Start, s.End, s.Mode, s.InAbsence))], i.To,
            [.. i.Candidates.Select(c => new PlanCandidateAnswer(c.ExpertId, c.Name, c.Score, c.Reasons, c.Excluded))]))],
        [.. v.FollowUps.Select(f => new HandoverFollowUpAnswer(f.FollowUp.FollowUp, f.FollowUp.Case, f.FollowUp.Number, f.Organisation, f.FollowUp.Kind, f.FollowUp.DueOn))]);
}

/// <summary><c>asked</c>: the expert has not answered yet, and another one is simply asked. <c>expertId</c>: who is proposed, or who took it over.</summary>
internal sealed record HandoverItemAnswer(
    CaseId CaseId, string Number, string? Organisation, string? Prefecture, Track Track, bool Asked, IReadOnlyList<HandoverVisitAnswer> Visits, ExpertId? ExpertId, IReadOnlyList<PlanCandidateAnswer> Candidates);

internal sealed record HandoverVisitAnswer(VisitId VisitId, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, bool InAbsence);

internal sealed record HandoverFollowUpAnswer(FollowUpId Id, CaseId CaseId, string Number, string? Organisation, FollowUpKind Kind, DateOnly DueOn);

internal sealed record HandoverActAnswer(
    HandoverPlanId Id, HandoverState State, ExpertId ExpertId, int Items, int Done, DateTimeOffset? ApprovedAt, string? ApprovedBy, DateTimeOffset? UndoneAt, string? UndoneBy, bool Repeated,
    IReadOnlyList<HandoverKeptAnswer> Kept)
{
    public static Answer Of(HandoverResult r) => Answer.Of(
        new HandoverActAnswer(
            r.Id, r.State, r.Expert, r.Items, r.Done, r.ApprovedAt, r.ApprovedBy, r.UndoneAt, r.UndoneBy, r.Repeated, [.. (r.Kept ?? []).Select(k => new HandoverKeptAnswer(k.Case, k.Number, k.Why))]),
        r.Version);
}

internal sealed record HandoverKeptAnswer(CaseId CaseId, string Number, string Why);
