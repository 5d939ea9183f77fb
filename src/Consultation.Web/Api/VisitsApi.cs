using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;

namespace Consultation.Web.Api;

/// <summary>Free slots, bookings and what becomes of them.</summary>
internal static class VisitsApi
{
    private const string Place = "yyyyMMddHHmm";

    public static void MapVisits(this IEndpointRouteBuilder api)
    {
        api.MapGet("/cases/{id:guid}/slots", SlotsAsync)
            .Says("予約できる時間", "移動時間を含めて全員が来られる時間だけ。from・to は日時か日付（既定は今から2週間、長くて62日）、tracks は mic,mhlw のように。wish は、案件の第何希望に合うか（どれにも合わなければ null）。").Codes<VisitMode>("mode").Gives<Page<SlotAnswer>>();
        api.MapPost("/cases/{id:guid}/visits", (HttpContext http, CaseId id) => http.Do(
                (VisitBody body) => new BookVisit(id, body.Start, body.End, body.Mode, body.Stage, body.Place, body.Tracks, body.Hold ?? false, body.ConsumesQuota ?? true, body.BeyondQuota ?? false, body.QuotaReason),
                (booked, _) => Task.FromResult(VisitAnswer.Of(booked, StatusCodes.Status201Created))))
            .Says("訪問・相談を予約する", "埋まっていると 409 visit.taken（nextSlots に次の候補）、回数がないと 409 quota.exhausted（ledger に日付）。hold:true は仮押さえ。consumesQuota:false は回数に数えない相談（窓口）、beyondQuota:true は上限を超えた予約（統括）で、どちらも quotaReason が必要。")
            .Takes<VisitBody>().Gives<VisitAnswer>(StatusCodes.Status201Created);
        api.MapPost("/cases/{id:guid}/slot-wishes", (HttpContext http, CaseId id) => http.Do(
                (SlotWishBody body) => new WaitForSlot(id, body.Mode, body.Minutes, body.From, body.To, body.DayFrom, body.DayTo, body.Earlier),
                (made, _) => Task.FromResult(WishAnswer.Of(made, StatusCodes.Status201Created))))
            .Says("空き待ちに登録する", "ほかの人が手放した時間を、古い登録から1件ずつ仮押さえして相談者にたずねる。合う空きがいまあれば 409 slot_wish.free_now（nextSlots）。earlier は早めたい予約。")
            .Takes<SlotWishBody>().Gives<WishAnswer>(StatusCodes.Status201Created);
        api.MapGet("/slot-wishes", WishesAsync).Says("空き待ちの一覧", "古い順。既定は自分の窓口、全国を担当する人にはすべて。").Gives<Page<WaitingWishAnswer>>();
        api.MapPost("/slot-wishes/{id:guid}/end", (HttpContext http, SlotWishId id) => http.Do(
                (ReasonBody body) => new StopWaiting(id, body.Reason), (ended, _) => Task.FromResult(WishAnswer.Of(ended))))
            .Says("空き待ちを終える", "仮押さえ中の時間はすぐに空く。").Takes<ReasonBody>().Gives<WishAnswer>();
        var one = api.MapGroup("/visits/{id:guid}");
        one.MapPost("/confirm", (HttpContext http, VisitId id) => http.Change(id, (NothingBody _) => new ConfirmVisit(id), mayBeEmpty: true))
            .Says("仮押さえを確定する").Gives<VisitAnswer>();
        one.MapPost("/reschedule", (HttpContext http, VisitId id) => http.Change(id, (MoveBody body) => new RescheduleVisit(id, body.Start, body.End, body.Reason, body.Mode, body.Place)))
            .Says("日程を変える").Takes<MoveBody>().Gives<VisitAnswer>();
        one.MapPost("/cancel", (HttpContext http, VisitId id) => http.Change(id, (CancelBody body) => new CancelVisit(id, body.By, body.Reason)))
            .Says("中止する", "by:client の遅い取消しを数えるかは事業年度の取扱いによる（quotaCounted）。ほかの取消しは数えない。").Takes<CancelBody>().Gives<VisitAnswer>();
        one.MapPost("/complete", (HttpContext http, VisitId id) => http.Change(id, (CompleteBody body) => new CompleteVisit(id, body.Outcome, body.Minutes, body.Source)))
            .Says("実施・先方不在を記録する", "took_place は無料回数を使う。no_show は事業年度の取扱いによる（quotaCounted）。").Takes<CompleteBody>().Gives<VisitAnswer>();
        MapReports(one);
    }

    private static void MapReports(IEndpointRouteBuilder one)
    {
        one.MapPost("/report", (HttpContext http, VisitId id) => http.Report(
                (ReportBody body) => new FileReport(id, body.Track, body.Text, body.Next, body.Topics, body.Source, body.Facts), StatusCodes.Status201Created))
            .Says("報告を出す", "窓口が聞き取って代わりに出すときは source が必要。advice は分野ごとの助言、statusBefore・statusAfter は導入状況、travelKm は往復の km、feeMinutes は謝金の対象となる分（支払いは扱わない）。").Takes<ReportBody>().Gives<ReportAnswer>(StatusCodes.Status201Created);
        one.MapPost("/report/approve", (HttpContext http, VisitId id) => http.Report((ReviewBody body) => new ApproveReport(id, body.Track)))
            .Says("報告を承認する（統括のみ）").Takes<ReviewBody>().Gives<ReportAnswer>();
        one.MapPost("/report/return", (HttpContext http, VisitId id) => http.Report((ReviewBody body) => new ReturnReport(id, body.Track, body.Reason)))
            .Says("報告を差し戻す（統括のみ）").Takes<ReviewBody>().Gives<ReportAnswer>();
    }

    private static Task<IResult> Change<TBody>(this HttpContext http, VisitId _, Func<TBody, MediatR.IRequest<ChangedVisit>> command, bool mayBeEmpty = false) where TBody : class =>
        http.Do(command, (changed, _) => Task.FromResult(VisitAnswer.Of(changed)), mayBeEmpty);

    private static Task<IResult> Report<TBody>(this HttpContext http, Func<TBody, MediatR.IRequest<ChangedReport>> command, int status = StatusCodes.Status200OK) where TBody : class =>
        http.Do(command, (changed, _) => Task.FromResult(ReportAnswer.Of(changed, status)));

    private static async Task<IResult> SlotsAsync(HttpContext http, CaseId id, string? from, string? to, string? mode, string? minutes, string? tracks, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var query = new ListSlots(
            id, InputReader.Instant(from, "from", faults), InputReader.Instant(to, "to", faults, endOfDay: true), InputReader.Code<VisitMode>(mode, "mode", faults),
            ApiCall.Number(minutes, "minutes", "field.wrong_type", faults), InputReader.Codes<Track>(tracks, "tracks", faults));
        // The place is the start of the last slot: whatever is booked in between, the next page goes on behind it.
        var behind = StartOf(after);
        if (behind is null && ApiCall.Given(after) is not null)
        {
            faults.Add(new("after", "page.malformed"));
        }

        var part = Part.Of(null, limit, faults);
        var slots = (await http.Ask(query, faults)).Where(s => behind is null || s.Start > behind);
        return Answer.Of(part.Cut(slots.Select(s => new SlotAnswer(s.Start, s.End, ComingAnswer.Of(s.Experts), s.Wish)).ToList(), s => s.Start.ToString(Place, CultureInfo.InvariantCulture)));
    }

    private static async Task<IResult> WishesAsync(HttpContext http, string? desk, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var page = await http.Ask(new ListSlotWishes(ApiCall.Given(desk), ApiCall.Given(after), ApiCall.Limit(limit, faults)), faults);
        return Answer.Of(new Page<WaitingWishAnswer>(page.Items.Select(WaitingWishAnswer.Of).ToList(), page.Next));
    }

    private static DateTimeOffset? StartOf(string? after) =>
        DateTime.TryParseExact(after, Place, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) ? new(start, JapanTime.Offset) : null;
}

internal sealed record VisitBody(
    [property: Required] DateTimeOffset? Start, [property: Required] DateTimeOffset? End, [property: Required] VisitMode? Mode, string? Place,
    [property: Required] VisitStage? Stage, IReadOnlyList<Track>? Tracks, bool? Hold, bool? ConsumesQuota, bool? BeyondQuota,
    string? QuotaReason);

internal sealed record SlotWishBody(
    [property: Required] VisitMode? Mode, [property: Required] int? Minutes, [property: Required] DateOnly? From, [property: Required] DateOnly? To, TimeOnly? DayFrom, TimeOnly? DayTo,
    VisitId? Earlier);

/// <summary>A wish; the ETag is its case's version.</summary>
internal sealed record WishAnswer(
    SlotWishId Id, CaseId CaseId, string Number, WishState State, VisitMode Mode, int Minutes, DateOnly From, DateOnly To, TimeOnly? DayFrom, TimeOnly? DayTo, VisitId? Earlier,
    VisitId? OfferedVisit, DateTimeOffset MadeAt, string MadeBy)
{
    public static Answer Of(ChangedWish w, int status = StatusCodes.Status200OK) => Answer.Of(
        new WishAnswer(
            w.Id, w.Case, w.Number, w.State, w.Wanted.Mode, w.Wanted.Minutes, w.Wanted.From, w.Wanted.To, w.Wanted.DayFrom, w.Wanted.DayTo, w.Earlier, w.OfferedVisit, w.MadeAt, w.MadeBy),
        w.Version, status);
}

internal sealed record WaitingWishAnswer(
    SlotWishId Id, CaseId CaseId, string Number, string? Organisation, WishState State, VisitMode Mode, int Minutes, DateOnly From, DateOnly To, TimeOnly? DayFrom, TimeOnly? DayTo,
    DateTimeOffset MadeAt, VisitId? OfferedVisit, DateTimeOffset? HeldStart, DateTimeOffset? HeldEnd, DateTimeOffset? HeldUntil)
{
    public static WaitingWishAnswer Of(WaitingWish w) => new(
        w.Id, w.Case, w.Number, w.Organisation, w.State, w.Wanted.Mode, w.Wanted.Minutes, w.Wanted.From, w.Wanted.To, w.Wanted.DayFrom, w.Wanted.DayTo, w.MadeAt, w.OfferedVisit,
        w.Held?.Start, w.Held?.End, w.HeldUntil);
}

internal sealed record MoveBody(
    [property: Required] DateTimeOffset? Start, [property: Required] DateTimeOffset? End, VisitMode? Mode, string? Place, [property: Required] string? Reason);

internal sealed record CancelBody([property: Required] CancelledBy? By, [property: Required] string? Reason);

internal sealed record CompleteBody([property: Required] VisitOutcome? Outcome, int? Minutes, string? Source);

internal sealed record ReportBody(
    [property: Required] Track? Track, [property: Required] string? Text, IReadOnlyList<string>? Topics, [property: Required] ReportNext? Next, string? Source,
    IReadOnlyList<AdviceBody>? Advice, TeleworkStatus? StatusBefore, TeleworkStatus? StatusAfter, int? Minutes, int? TravelKm, string? ExpenseNote, int? FeeMinutes)
{
    /// <summary>Null where none was told, so that what was told before stays.</summary>
    internal ReportFacts? Facts => Advice is null && StatusBefore is null && StatusAfter is null && Minutes is null && TravelKm is null && ExpenseNote is null && FeeMinutes is null
        ? null : new(Advice?.Select(a => new TopicAdvice(a.Topic ?? "", a.Text ?? "")).ToList(), StatusBefore, StatusAfter, Minutes, TravelKm, ExpenseNote, FeeMinutes);
}

/// <summary>What was advised on one topic of the catalogue.</summary>
internal sealed record AdviceBody([property: Required] string? Topic, [property: Required] string? Text);

internal sealed record ReviewBody([property: Required] Track? Track, string? Reason);

internal sealed record ComingAnswer(Track Track, ExpertId ExpertId)
{
    public static IReadOnlyList<ComingAnswer> Of(IReadOnlyList<ComingExpert> experts) => experts.Select(e => new ComingAnswer(e.Track, e.Expert)).ToList();
}

internal sealed record SlotAnswer(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<ComingAnswer> Experts, int? Wish);

/// <summary>A visit; <c>status</c> is its case's, and the ETag the case's version, because a visit changes only with its case.</summary>
internal sealed record VisitAnswer(
    VisitId Id, CaseId CaseId, string Number, CaseStatus Status, int Ordinal, DateTimeOffset Start, DateTimeOffset End, VisitMode Mode, string? Place, VisitStage Stage,
    VisitState State, DateTimeOffset? HoldExpiresAt, IReadOnlyList<ComingAnswer> Experts, bool ConsumesQuota, int? QuotaLeft, int? Minutes, string? Source,
    CancelledBy? CancelledBy, string? Reason, string? QuotaReason, bool QuotaCounted)
{
    public static Answer Of(ChangedVisit v, int status = StatusCodes.Status200OK) => Answer.Of(
        new VisitAnswer(
            v.Id, v.Case, v.CaseNumber, v.CaseStatus, v.Ordinal, v.Start, v.End, v.Mode, v.Place, v.Stage, v.State, v.HoldExpiresAt, ComingAnswer.Of(v.Experts), v.ConsumesQuota,
            v.QuotaLeft, v.Minutes, v.Source, v.CancelledBy, v.Reason, v.QuotaReason, v.QuotaCounted),
        v.Version, status);
}

internal sealed record ReportAnswer(
    VisitId VisitId, CaseId CaseId, CaseStatus Status, Track Track, ExpertId ExpertId, ReportState State, ReportNext Next, string Text, IReadOnlyList<string> Topics,
    string? Source, bool Confirmed, string? Review, IReadOnlyList<TopicAdvice> Advice, TeleworkStatus? StatusBefore, TeleworkStatus? StatusAfter, int? Minutes, int? TravelKm, string? ExpenseNote,
    int? FeeMinutes)
{
    public static Answer Of(ChangedReport r, int status) => Answer.Of(
        new ReportAnswer(r.Visit, r.Case, r.CaseStatus, r.Track, r.Expert, r.State, r.Next, r.Text, r.Topics, r.Source, r.Confirmed, r.Review, r.Facts.Advice ?? [],
            r.Facts.StatusBefore, r.Facts.StatusAfter, r.Facts.Minutes, r.Facts.TravelKm, r.Facts.ExpenseNote, r.Facts.FeeMinutes), r.Version, status);
}
