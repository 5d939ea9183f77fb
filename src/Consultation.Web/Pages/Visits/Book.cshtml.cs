using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Visits;

/// <summary>Books or moves a consultation: only periods that are free for everybody are offered, and the page says beforehand what it does.</summary>
public sealed class BookModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    private const string UsualMinutes = "60";
    private const string SlotFormat = "yyyy-MM-ddTHH:mm";

    public static readonly IReadOnlyList<Choice> Modes = Desk.InquiryChoices.Modes;

    public static readonly IReadOnlyList<Choice> Stages =
        [.. new[] { VisitStage.Assess, VisitStage.Prepare, VisitStage.FollowUp }.Select(stage => Choices.Of(stage, VisitWords.Of(stage)))];

    private const string NotCounted = "free";
    private const string Beyond = "beyond";

    public BookView View { get; private set; } = null!;

    /// <summary>How the consultation may be counted by whoever books; nothing to choose where only one way is open.</summary>
    public IReadOnlyList<Choice> Countings =>
    [
        .. new[]
        {
            (Is: true, Choice: new Choice("count", "1回と数える")),
            (Is: Actor.Can(Permission.ExemptFromQuota), Choice: new(NotCounted, "回数に数えない", "電話での短い確認など。理由を記録します。")),
            (Is: Actor.Can(Permission.ExceedQuota), Choice: new(Beyond, "残りがなくても予約する", "業務責任者の承認。足りない分だけ上限を増やし、理由とともに月次報告に載ります。")),
        }.Where(way => way.Is).Select(way => way.Choice),
    ];

    /// <summary>The days that used up the quota, where that refused the booking (journey J20).</summary>
    public IReadOnlyList<string> Ledger { get; private set; } = [];

    public DateTimeOffset Now => clock.Now;

    /// <summary>Named where the chosen period was taken by somebody else in the meantime.</summary>
    public IReadOnlyList<string> NextFree { get; private set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "方法")]
    public string? Mode { get; set; }

    [BindProperty(SupportsGet = true), Display(Name = "出席する専門家")]
    public List<string> Tracks { get; set; } = [];

    [BindProperty(SupportsGet = true), Display(Name = "所要時間(分)")]
    public string? Minutes { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Week { get; set; }

    /// <summary>The visit that is given another time; a new one is booked where null.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Moving { get; set; }

    [BindProperty, Display(Name = "日時")]
    public string? Slot { get; set; }

    [BindProperty, Display(Name = "段階")]
    public string? Stage { get; set; }

    [BindProperty, Display(Name = "場所")]
    public string? Place { get; set; }

    [BindProperty, Display(Name = "変える理由")]
    public string? Reason { get; set; }

    [BindProperty, Display(Name = "回数の数え方")]
    public string? Counting { get; set; }

    [BindProperty, Display(Name = "数えない・上限を超える理由")]
    public string? QuotaReason { get; set; }

    /// <summary>第1希望 to 第3希望 as typed.</summary>
    [BindProperty]
    public List<WishInput> Wishes { get; set; } = [];

    /// <summary>Of the case, when the wishes were filled in.</summary>
    [BindProperty]
    public int? Version { get; set; }

    public bool MayWish { get; private set; }

    [BindProperty]
    public string? Key { get; set; }

    /// <summary>Minutes of the periods that are offered.</summary>
    public int Length => ChosenMinutes;

    private VisitMode ChosenMode => Choices.Read<VisitMode>(Mode) ?? VisitMode.Visit;

    private int ChosenMinutes => Typed.Number(Minutes) is >= 15 and <= 480 and var minutes ? (int)minutes : int.Parse(UsualMinutes, CultureInfo.InvariantCulture);

    private IReadOnlyList<Track>? ChosenTracks => Tracks.Select(Choices.Read<Track>).OfType<Track>().ToList() is { Count: > 0 } tracks ? tracks : null;

    private VisitId? MovingId => Moving is null ? null : VisitId.TryParse(Moving, null, out var id) ? id : throw new NotFound();

    public Task<IActionResult> OnGetAsync()
    {
        DemandMinutes();
        return ShowAsync();
    }

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        DemandMinutes();
        if (!DateTime.TryParseExact(Slot, SlotFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var chosen))
        {
            ModelState.AddModelError("Slot", "空いている時間を1つ選んでください。");
            return await ShowAsync();
        }

        var start = new DateTimeOffset(chosen, JapanTime.Offset);
        var end = start.AddMinutes(ChosenMinutes);
        Week ??= $"{JapanTime.DateOf(start):yyyy-MM-dd}";
        if (MovingId is { } moving)
        {
            return await DoAsync(new RescheduleVisit(moving, start, end, Reason, ChosenMode, Place), FieldOf, $"{JapaneseDate.ShortTime(start)} に変えました。");
        }

        var book = new BookVisit(Case, start, end, ChosenMode, Choices.Read<VisitStage>(Stage), Place, ChosenTracks, @do == "hold", Counting != NotCounted, Counting == Beyond, QuotaReason);
        return await DoAsync(book, FieldOf, $"{JapaneseDate.ShortTime(start)} に{(@do == "hold" ? "仮押さえしました" : "予約しました")}。", key: Key);
    }

    /// <summary>The page shows the free time of the usual length instead, and says so.</summary>
    private void DemandMinutes()
    {
        if (!string.IsNullOrWhiteSpace(Minutes) && Typed.Number(Minutes) is not (>= 15 and <= 480))
        {
            ModelState.AddModelError(nameof(Minutes), $"15から480までの数字で入力してください。下の空きは{UsualMinutes}分の相談です。");
        }
    }

    public async Task<IActionResult> OnPostWishesAsync()
    {
        var wishes = new List<VisitWish>();
        for (var at = 0; at < Wishes.Count; at++)
        {
            if (!Wishes[at].IsEmpty && Wishes[at].Read($"Wishes[{at}]", ModelState) is { } wish)
            {
                wishes.Add(wish);
            }
        }

        if (ModelState.IsValid && await TryAsync(new EditCase(Case, Wishes: wishes), _ => "Wishes[0].Date", version: Version))
        {
            Say("相談者の希望日時を保存しました。");
            return Redirect(LinkTo(wishes.Count > 0 ? wishes[0].Date : Weekday(JapanTime.DateOf(Now))));
        }

        return await ShowAsync();
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        Version ??= Full.Version;
        MayWish = Actor.Can(Permission.EditCase) && Full.AllowedActions.Contains(CaseAction.Edit);
        if (Wishes.Count == 0)
        {
            Wishes = [.. Full.Wishes.Select(WishInput.Of)];
        }

        while (Wishes.Count < VisitWish.Most)
        {
            Wishes.Add(new());
        }

        Key ??= NewFormKey();
        var moved = Full.Visits.FirstOrDefault(visit => visit.Id == MovingId);
        Mode ??= (moved?.Mode ?? Full.PreferredMode ?? VisitMode.Visit).ToString();
        Minutes ??= moved is null ? UsualMinutes : $"{(int)(moved.End - moved.Start).TotalMinutes}";
        Counting ??= Countings[0].Value;
        Stage ??= StageAfter(Full.Visits).ToString();
        Place ??= moved?.Place;
        // Everybody comes unless somebody is left out, and the page says so.
        var state = Full.Tracks.Any(track => track.State == TrackState.Held) ? TrackState.Held : TrackState.Done;
        Tracks = Tracks.Count > 0 ? Tracks : [.. Full.Tracks.Where(track => track.State == state).Select(track => track.Track.ToString())];
        var tracks = moved?.Tracks ?? ChosenTracks;
        var week = await AskAsync(new LookAtWeek(Case, WeekOf(moved), ChosenMode, ChosenMinutes, tracks, MovingId));
        View = ViewOf(week, moved);
    }

    protected override string? FieldOfRule(RuleViolation refused)
    {
        if (refused.Extra.TryGetValue("nextSlots", out var listed) && listed is IEnumerable<FreeSlot> free)
        {
            NextFree = [.. free.Select(slot => JapaneseDate.ShortTime(slot.Start))];
        }

        if (refused.Extra.TryGetValue("ledger", out var used) && used is IEnumerable<LedgerDay> days)
        {
            Ledger = [.. days.Select(day => $"{(day.On is { } on ? JapaneseDate.Long(on) : "")} {(day.Kind == QuotaMove.Consume ? "使用" : "予約")}")];
        }

        return refused.Code.StartsWith("visit.", StringComparison.Ordinal) ? "Slot" : null;
    }

    private BookView ViewOf(BookableWeek week, FileVisit? moved)
    {
        var standing = Full.Visits.Count(visit => visit.State is VisitState.Held or VisitState.Confirmed or VisitState.TookPlace);
        var quota = CaseFileWords.Quota(Full);
        var friday = week.Monday.AddDays(4);
        return new(
            moved is null ? $"第{standing + 1}回の相談を予約する" : $"第{moved.Ordinal}回の日時を変える",
            [.. Full.Tracks.Where(track => track.State is TrackState.Held or TrackState.Done).Select(track => new Choice(track.Track.ToString(), $"{track.Expert}({CaseWords.Of(track.Track)})"))],
            $"{JapaneseDate.Short(week.Monday)}〜{JapaneseDate.Short(friday)}",
            week.Days.Sum(day => day.Free.Count),
            friday < JapanTime.DateOf(Now) ? null : week.Monday <= JapanTime.DateOf(Now) ? null : LinkTo(week.Monday.AddDays(-7)),
            LinkTo(week.Monday.AddDays(7)),
            [.. week.Days.Select(day => DayOf(day, week.Experts, JapanTime.DateOf(Now), PickedStart))],
            [.. week.Experts.Select(expert => $"{expert.Name}({string.Join("・", expert.Tracks.Select(CaseWords.Of))})")],
            moved is not null || quota is null || quota.Left == 0 ? quota : quota with { Held = quota.Held + 1, After = true, Note = "この予約を1回として仮押さえに数えています。" },
            [Full.Contact.Email is null ? "相談者(メールがないため、同じ文面で電話をかける予定を作ります)" : $"相談者 {Full.Contact.Name}", .. week.Experts.Select(expert => expert.Name)],
            moved is null ? null : $"{VisitLines.When(moved)}",
            [.. week.SetOut.Select(road => road.HasTurnedBack
                ? $"{road.Name}さんは、この相談の訪問先から戻る途中です。戻るのは {JapaneseDate.ShortTime(road.Back)} ごろです。"
                : $"{road.Name}さんは、この相談のために {JapaneseDate.ShortTime(road.Since)} に出発しています。いま取りやめても、戻るのは {JapaneseDate.ShortTime(road.Back)} ごろです。")],
            $"{JapaneseDate.Short(week.Monday.AddDays(7))}〜{JapaneseDate.Short(friday.AddDays(7))}",
            $"{Full.Organisation.Prefecture}{Full.Organisation.City}" is { Length: > 0 } place ? place : null,
            PickedStart is { } picked ? $"{JapaneseDate.ShortTime(picked)}〜{Clock(picked.AddMinutes(ChosenMinutes))}" : null,
            [.. week.Wished.Select(wished => new WishView(CaseWords.Of(wished.Wish, wished.Rank), [.. wished.Free.Select(SlotOf)], wished.WhyNot))]);
    }

    /// <summary>What was chosen, where it still is free.</summary>
    private DateTimeOffset? PickedStart =>
        NextFree.Count == 0 && DateTime.TryParseExact(Slot, SlotFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var chosen) ? new DateTimeOffset(chosen, JapanTime.Offset) : null;

    private static DayView DayOf(BookableDay day, IReadOnlyList<TravellingExpert> experts, DateOnly today, DateTimeOffset? picked) => new(
        day.Date, day.Date == today ? "きょう" : null, day.Closed, day.Opens, day.Closes,
        [.. experts.Select(expert => new LaneView(
            $"{expert.Name}{(expert.Travel > TimeSpan.Zero ? $"(移動 {(int)expert.Travel.TotalMinutes}分)" : "")}",
            [.. day.Taken.Where(taken => taken.Expert == expert.Id).SelectMany(taken => Stretches(taken, day.Date)), .. day.Free.FirstOrDefault(slot => slot.Start == picked) is { } chosen ? Pick(chosen, expert.Name) : []]))],
        [.. day.Free.Select(SlotOf)],
        [.. day.Refused.Select(refused => refused.First == refused.Last
            ? $"{JapaneseDate.Time(refused.First)} の開始: {refused.Why}"
            : $"{JapaneseDate.Time(refused.First)}〜{JapaneseDate.Time(refused.Last)} の開始: {refused.Why}")]);

    private static SlotView SlotOf(OfferedSlot slot) => new(
        JapanTime.ToJapan(slot.Start).ToString(SlotFormat, CultureInfo.InvariantCulture),
        $"{Clock(slot.Start)}〜{Clock(slot.End)}",
        [.. slot.Trips.Select(trip => $"{trip.Name} {(trip.Straight ? "前の訪問先を" : "")}{JapaneseDate.DayBeside(trip.Leave, slot.Start)}出発 {Clock(trip.Leave)}・"
            + (trip.GoesOn ? "次の訪問先へ直行" : $"{JapaneseDate.DayBeside(trip.Back, slot.Start)}戻り {Clock(trip.Back)}"))],
        slot.Wish is { } rank ? $"第{rank}希望" : null);

    /// <summary>What of it lies on the day: the road of a visit may begin on the day before and end on the day after.</summary>
    private static IEnumerable<LanePart> Stretches(TakenTime taken, DateOnly day)
    {
        var (begins, ends) = (JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue));
        foreach (var (from, to, kind, text) in new[] { (taken.From, taken.Starts, "travel", "移動"), (taken.Starts, taken.Ends, "busy", "他の予約"), (taken.Ends, taken.To, "travel", "移動") })
        {
            if (from < to && from < ends && begins < to)
            {
                yield return new(from < begins ? TimeOnly.MinValue : JapanTime.TimeOf(from), to < ends ? JapanTime.TimeOf(to) : TimeOnly.MaxValue, kind, text);
            }
        }
    }

    private static IEnumerable<LanePart> Pick(OfferedSlot slot, string expert)
    {
        var trip = slot.Trips.FirstOrDefault(trip => trip.Name == expert);
        if (trip is not null)
        {
            yield return new(JapanTime.DateOf(trip.Leave) == JapanTime.DateOf(slot.Start) ? JapanTime.TimeOf(trip.Leave) : TimeOnly.MinValue, JapanTime.TimeOf(slot.Start), "pick-travel", "移動");
            yield return new(JapanTime.TimeOf(slot.End), JapanTime.DateOf(trip.Back) == JapanTime.DateOf(slot.Start) ? JapanTime.TimeOf(trip.Back) : TimeOnly.MaxValue, "pick-travel", "移動");
        }

        yield return new(JapanTime.TimeOf(slot.Start), JapanTime.TimeOf(slot.End), "pick", "選んだ時間");
    }

    private static string Clock(DateTimeOffset instant) => JapaneseDate.Time(JapanTime.TimeOf(instant));

    /// <summary>現状把握, then 導入準備, then 導入後フォロー.</summary>
    private static VisitStage StageAfter(IReadOnlyList<FileVisit> visits)
    {
        var held = visits.Where(visit => visit.State is VisitState.TookPlace or VisitState.Confirmed or VisitState.Held).Select(visit => (VisitStage?)visit.Stage).Max();
        return held switch { null => VisitStage.Assess, VisitStage.Assess => VisitStage.Prepare, _ => VisitStage.FollowUp };
    }

    private DateOnly WeekOf(FileVisit? moved) =>
        DateOnly.TryParseExact(Week, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var week) && week.Year is >= 2019 and <= 2045 ? week
        : moved is not null ? JapanTime.DateOf(moved.Start)
        : Weekday(JapanTime.DateOf(Now));

    // On a weekend the coming week is wanted.
    private static DateOnly Weekday(DateOnly day) => day.DayOfWeek switch { DayOfWeek.Saturday => day.AddDays(2), DayOfWeek.Sunday => day.AddDays(1), _ => day };

    private string LinkTo(DateOnly week) => Url.Page("/Visits/Book", new { id = Id, Mode, Minutes, Tracks, moving = Moving, week = $"{week:yyyy-MM-dd}" })!;

    private static string? FieldOf(string field) => field switch
    {
        "start" or "end" => "Slot",
        "stage" => "Stage",
        "place" => "Place",
        "reason" => "Reason",
        "quotaReason" => "QuotaReason",
        _ => null,
    };
}
