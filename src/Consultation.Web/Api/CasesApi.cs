using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Topics;
using MediatR;

namespace Consultation.Web.Api;

/// <summary>Reading and correcting cases, and the one-stop queue.</summary>
internal static class CasesApi
{
    public static void MapCases(this IEndpointRouteBuilder api)
    {
        api.MapGet("/cases", ListAsync)
            .Says("案件を探す", "新しい順。q は本文・会社名・電話・番号（8の123、R8-123、全角も可）。他地区の案件は {id, number, status, holder, next} だけが返る。")
            .Codes<CaseStatus>("status").Gives<Page<CaseRowAnswer>>().OrReduced();
        api.MapGet("/queue", QueueAsync)
            .Says("ワンストップの待ち行列", "受付・割当待ち・受諾待ち・日程調整中・報告待ちの案件。次の期限（deadline.due）の早い順、期限のない案件はその後に受付の古い順、保留中は最後。同じ時刻は id の順。")
            .Codes<CaseStatus>("status").Codes<Track>("track").Gives<Page<CaseRowAnswer>>();
        api.MapGet("/cases/{id:guid}", async (HttpContext http, CaseId id) => (IResult)await ShowAsync(http, id))
            .Says("案件を見る", "他地区の窓口には {id, number, status, holder, next} だけが返る。").Gives<CaseAnswer>().OrReduced();
        api.MapPatch("/cases/{id:guid}", (HttpContext http, CaseId id) => http.Do(
                (CaseBody body, IReadOnlySet<string> nulls) => new EditCase(
                    id, body.Organisation?.Told, body.Contact?.Told, body.Holder, body.PreferredMode, body.TeleworkStatus, nulls, VersionWithheld: !http.NamesVersion(), Wishes: WishBody.Told(body.Wishes)),
                (ChangedCase changed, CaseBody _) => ShowAsync(http, id, version: changed.Version)))
            .Says("案件の内容を直す", "If-Match に現在の ETag が必要（なければ 428、古ければ 412）。書かれていない項目は変わらず、null と書いた項目は空になる（holder: null は窓口担当なし）。wishes は第1〜第3希望の日時（順に3つまで、全部を書く）。")
            .Takes<CaseBody>().Gives<CaseAnswer>();
    }

    /// <summary>The case as GET shows it to this caller, with its ETag.</summary>
    /// <param name="version">What a write has made of the version; the reduced view does not show it.</param>
    public static async Task<Answer> ShowAsync(HttpContext http, CaseId id, int status = StatusCodes.Status200OK, int? version = null) =>
        CaseAnswer.Of(await http.Ask(new GetCase(id)), status, version);

    /// <summary>A change of a case that answers with the case.</summary>
    public static Task<IResult> Change<TBody>(this HttpContext http, CaseId id, Func<TBody, IRequest<ChangedCase>> command, bool mayBeEmpty = false, int status = StatusCodes.Status200OK)
        where TBody : class =>
        http.Do(command, (ChangedCase changed, TBody _) => ShowAsync(http, id, status, changed.Version), mayBeEmpty);

    private static async Task<IResult> ListAsync(HttpContext http, string? q, string? status, string? district, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var page = await http.Ask(
            new ListCases(ApiCall.Given(q), InputReader.Code<CaseStatus>(status, "status", faults), ApiCall.Given(district), null, ApiCall.Given(after), ApiCall.Limit(limit, faults)), faults);
        return Rows(page);
    }

    private static async Task<IResult> QueueAsync(HttpContext http, string? status, string? track, string? district, string? after, string? limit)
    {
        var faults = new List<InputError>();
        var page = await http.Ask(
            new ListQueue(InputReader.Code<CaseStatus>(status, "status", faults), InputReader.Code<Track>(track, "track", faults), ApiCall.Given(district), ApiCall.Given(after), ApiCall.Limit(limit, faults)), faults);
        return Rows(page);
    }

    private static Answer Rows(Page<CaseRow> page) => Answer.Of(new Page<object>(page.Items.Select(CaseRowAnswer.Of).ToList(), page.Next));
}

internal sealed record CaseBody(OrganisationBody? Organisation, ContactBody? Contact, StaffId? Holder, VisitMode? PreferredMode, TeleworkStatus? TeleworkStatus, IReadOnlyList<WishBody>? Wishes);

/// <summary>When the client would like the visit to be, Japan time; the whole day without times.</summary>
internal sealed record WishBody([property: Required] DateOnly? Date, TimeOnly? From, TimeOnly? Until)
{
    public static IReadOnlyList<VisitWish>? Told(IReadOnlyList<WishBody>? wishes) =>
        wishes?.Where(w => w.Date is not null).Select(w => new VisitWish(w.Date!.Value, w.From, w.Until)).ToList();
}

internal sealed record CaseRowAnswer(
    CaseId Id, string Number, CaseStatus Status, bool OnHold, string? Organisation, string? Prefecture, string District, IReadOnlyList<string> Topics,
    IReadOnlyList<CaseRowTrack> Tracks, NextDeadline? Deadline, StaffId? Holder, DateTimeOffset ReceivedAt, string? Snippet)
{
    /// <summary>The row as it may be shown: another district's no further than journey J60 allows.</summary>
    public static object Of(CaseRow row) => row.Reduced
        ? new ReducedCaseAnswer(row.Id, row.Number, row.Status, row.Holder, row.DueAt)
        : new CaseRowAnswer(
            row.Id, row.Number, row.Status, row.OnHold, row.Organisation, row.Prefecture, row.District, row.Topics, row.Tracks,
            row is { DueKind: { } kind, DueAt: { } due } ? new(kind, row.DueTrack, due, row.DueWhy) : null, row.Holder, row.ReceivedAt, row.Snippet);
}

internal sealed record NextDeadline(DeadlineKind Kind, Track? Track, DateTimeOffset Due, string? Why);
