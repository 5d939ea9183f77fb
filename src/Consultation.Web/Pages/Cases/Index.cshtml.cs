using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Consultation.Web.Pages.Cases;

/// <summary>The one-stop queue and every other list of cases; all that narrows it lives in the address.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock, SealedWords words) : SendingPage(dispatcher)
{
    private const string Everything = "all";

    private static readonly CaseStatus[] Queued = [CaseStatus.Received, CaseStatus.Waiting, CaseStatus.Offered, CaseStatus.Assigned, CaseStatus.ReportDue];

    public CasesView View { get; private set; } = null!;

    [BindProperty(SupportsGet = true, Name = "view")]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Status { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Track { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? District { get; set; }

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Words { get; set; }

    /// <summary>In place of the words, where they are not for an address.</summary>
    [BindProperty(SupportsGet = true, Name = SealedWords.Field)]
    public string? Sealed { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    private CaseNarrowing Narrowing => CaseLists.Read(Request.Query);

    private bool IsAll => Kind == Everything || Words is not null || Narrowing.IsAny;

    /// <summary>A search is sent and not part of the address; what may stand there leads to a list that can be shared.</summary>
    public IActionResult OnPost()
    {
        var query = CaseLists.Pairs(CaseLists.Read(new QueryCollection(Request.Form.ToDictionary(field => field.Key, field => field.Value))));
        (query["view"], query["status"], query["track"], query["district"]) = (Kind, Status, Track, District);
        query[Words is not null && SealedWords.AreNeeded(Words) ? SealedWords.Field : "q"] = Words is not null && SealedWords.AreNeeded(Words) ? words.Seal(Words, Actor.Staff) : Words;
        return Redirect(QueryHelpers.AddQueryString("/cases", query.Where(pair => !string.IsNullOrEmpty(pair.Value))));
    }

    public async Task<IActionResult> OnGetAsync()
    {
        if (Words is not null && SealedWords.AreNeeded(Words))
        {
            return Redirect(Link(Kind ?? Everything, after: ""));
        }

        if (Sealed is not null && (Words = words.Open(Sealed, Actor.Staff)) is null)
        {
            Say("検索した電話番号やメールアドレスは、一定の時間で消えます。もう一度検索してください。");
            return Redirect("/cases");
        }

        var status = Choices.Read<CaseStatus>(Status);
        var narrowing = Narrowing;
        var district = Districts.Find(District)?.Slug ?? (District == "national" ? District : null);
        var page = IsAll
            ? await AskAsync(new ListCases(Words, status, district, null, After, Narrowing: narrowing.IsAny ? narrowing : null))
            : await AskAsync(new ListQueue(status is { } one && Queued.Contains(one) ? one : null, Choices.Read<Track>(Track), district, After));
        var own = page.Items.Where(row => !row.Reduced).ToList();
        var active = status is not null || district is not null || Words is not null || Choices.Read<Track>(Track) is not null || narrowing.IsAny;
        View = new(
            IsAll ? Words is null ? narrowing.IsAny ? $"案件一覧 {CaseLists.Words(narrowing, await ExpertAsync(narrowing))}" : "すべての案件" : $"「{Words}」の検索結果" : "ワンストップ案件一覧",
            clock.Now,
            IsAll ? "受付の新しい順" : "期限の近い順",
            Views(status),
            new(Lists(), Words ?? "", "番号・企業名・電話・本文のことば", IsAll ? Link(Everything) : Link(null), Kept(), active, Sent: true),
            Summary(own.Count, page.Next is not null, After is not null),
            await QueueRows.OfAsync(own, clock, HttpContext.RequestAborted, Words),
            [.. page.Items.Where(row => row.Reduced).Select(Elsewhere)],
            new(page.Next is null ? "ここが最後です。" : "続きがあります。", page.Next is { } next ? Link(IsAll ? Everything : null, after: next) : null, After is null ? null : QueryFirst()),
            Words is not null && page.Next is not null);
        return Page();
    }

    private List<SavedView> Views(CaseStatus? status) =>
    [
        new("いま動かす案件", "/cases", !IsAll && status is null),
        .. Queued.Select(one => new SavedView(CaseWords.Of(one), $"/cases?status={one}", !IsAll && status == one)),
        new("すべての案件", $"/cases?view={Everything}", IsAll),
    ];

    private List<FilterView> Lists()
    {
        var statuses = IsAll ? Enum.GetValues<CaseStatus>() : Queued;
        var lists = new List<FilterView>
        {
            new("status", "状態", Status ?? "", [new("", "すべて"), .. statuses.Select(one => Choices.Of(one, CaseWords.Of(one)))]),
        };
        if (!IsAll)
        {
            lists.Add(new("track", "担当省", Track ?? "", [new("", "すべて"), Choices.Of(Topics.Track.Mic, "総務省"), Choices.Of(Topics.Track.Mhlw, "厚生労働省")]));
        }

        if (Actor.IsNationwide)
        {
            lists.Add(new("district", "総合通信局等", District ?? "", [new("", "全国"), .. Districts.All.Select(one => new Choice(one.Slug, one.Name))]));
        }

        return lists;
    }

    private Dictionary<string, string> Kept() =>
        IsAll ? CaseLists.Pairs(Narrowing).Append(new("view", Everything)).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!) : [];

    private async Task<string?> ExpertAsync(CaseNarrowing narrowing) =>
        narrowing.Expert is { } expert && Actor.Can(Permission.ReassignCase) ? (await AskAsync(new FindOffersToExpert(expert))).Name : null;

    private bool IsSealed => Words is not null && SealedWords.AreNeeded(Words);

    private string Link(string? kind, string? after = null) => Url.Page("/Cases/Index", after is null
        ? new RouteValueDictionary { ["view"] = kind }
        : new RouteValueDictionary(CaseLists.Pairs(Narrowing).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, object? (pair) => pair.Value))
        {
            ["view"] = kind, ["status"] = Status, ["track"] = Track, ["district"] = District, ["q"] = IsSealed ? null : Words, [SealedWords.Field] = IsSealed ? words.Seal(Words!, Actor.Staff) : null, ["after"] = after,
        })!;

    /// <summary>The same list from its beginning.</summary>
    private string QueryFirst() => Link(IsAll ? Everything : null, after: "");

    private static string Summary(int count, bool more, bool later) => (count, more, later) switch
    {
        (0, _, _) => "0件",
        (_, false, false) => $"{count}件",
        _ => $"{count}件を表示",
    };

    private static ReducedCaseView Elsewhere(CaseRow row) => new(
        QueueRows.LinkTo(row.Id), row.Number, CaseSigns.Of(row.Status, row.OnHold), row.HolderName ?? "担当は未定",
        row.DueAt is { } due ? $"次の日付 {JapaneseDate.Short(JapanTime.DateOf(due))}" : null);
}
