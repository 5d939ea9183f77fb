using System.ComponentModel.DataAnnotations;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Desk;

/// <summary>The desk's home: call-backs first, then what is due today.</summary>
public sealed class HomeModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    private const int MostPressing = 20;

    public HomeView View { get; private set; } = null!;

    /// <summary>Whether this person may switch the visits of a prefecture in a disaster.</summary>
    public bool MaySwitch => Actor.Can(Permission.DeclareDisaster);

    [BindProperty]
    public TallyInput Tally { get; set; } = new();

    public Task OnGetAsync()
    {
        Demand(Permission.LogInquiry);
        return LookAsync();
    }

    public Task<IActionResult> OnPostNoAnswerAsync(CallBackId call) =>
        KeepAsync(new(call, ContactResult.NoAnswer), number => $"{number} に「先方不在」を記録しました。");

    public Task<IActionResult> OnPostToldAsync(CallBackId call) =>
        KeepAsync(new(call, ContactResult.Answered, "メールの代わりに電話で伝えた。"), number => $"{number} に「電話で伝えた」ことを記録しました。");

    public Task<IActionResult> OnPostMadeAsync(CallBackId call) =>
        KeepAsync(new(call, ContactResult.Answered), number => $"{number} の電話・作業を済みにしました。");

    public async Task<IActionResult> OnPostSeenAsync(DeskNewsId news)
    {
        await TryAsync(new SeeNews(news), _ => null);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTallyAsync()
    {
        var tally = new RecordTally(Choices.Read<Channel>(Tally.Channel), Choices.Read<TallyKind>(Tally.Kind));
        if (await TryAsync(tally, field => field is "kind" ? "Tally.Kind" : "Tally.Channel", _ => Say("1件数えました。")))
        {
            return RedirectToPage();
        }

        await LookAsync();
        return Page();
    }

    private async Task<IActionResult> KeepAsync(KeepCall call, Func<string, string> done)
    {
        if (await TryAsync(call, _ => null, kept => Say(done(kept.Number))))
        {
            return RedirectToPage();
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        var district = Actor.District ?? "national";
        var (promised, insteadOfMail) = (new List<CallBackView>(), new List<CallBackView>());
        foreach (var call in (await AskAsync(new ListCallBacks())).Items)
        {
            // A letter has a line and its whole text, a task of the desk one sentence.
            var (title, body) = call.IsPromise ? (null, null) : (call.Title ?? call.Reason, call.Title is null ? null : call.Reason);
            var when = await clock.OfAsync(call.IsPromise ? "折り返し" : "電話", call.DueAt, byHours: true, call.Why, district, HttpContext.RequestAborted);
            (call.IsPromise ? promised : insteadOfMail).Add(new(
                call.Id.ToString(), QueueRows.LinkTo(call.Case), call.Number, call.Organisation ?? "企業・団体名は未確認", call.Person,
                string.IsNullOrWhiteSpace(call.Phone) ? null : call.Phone, when, call.IsDue, call.Attempts,
                call.LastAttemptAt is { } last ? JapaneseDate.ShortTime(last) : null, title, body, call.Kind != CallBackKind.Colleague));
        }

        var tonight = JapanTime.At(JapanTime.DateOf(clock.Now).AddDays(1), TimeOnly.MinValue);
        var pressing = await AskAsync(new ListQueue(Limit: MostPressing, DueBefore: tonight));
        var unrouted = await AskAsync(new ListQueue(Limit: MostPressing, Unrouted: true));
        View = new(
            await clock.NameOfDeskAsync(Actor, HttpContext.RequestAborted),
            clock.Now,
            await clock.ClosedTodayAsync(district, HttpContext.RequestAborted),
            promised,
            insteadOfMail,
            [.. (await AskAsync(new ListLostLetters())).Select(lost => new LostLetterView(QueueRows.LinkTo(lost.Case), lost.Number, lost.Organisation ?? "企業・団体名は未確認", lost.Subject, JapaneseDate.ShortTime(lost.WrittenAt)))],
            await EscalationView.OfAsync(await AskAsync(new ListEscalations()), clock, HttpContext.RequestAborted),
            [.. (await AskAsync(new ListNews())).Select(NewsOf)],
            await QueueRows.OfAsync(pressing.Items, clock, HttpContext.RequestAborted),
            pressing.Next is not null,
            await QueueRows.OfAsync(unrouted.Items, clock, HttpContext.RequestAborted),
            await FollowUpLineView.OfAsync((await AskAsync(new ListFollowUps(JapanTime.DateOf(clock.Now), Limit: MostPressing))).Items, clock, district, HttpContext.RequestAborted),
            HomeChoices.TallyKinds,
            HomeChoices.TallyChannels);
    }

    private static NewsView NewsOf(NewsLine line) => new(
        line.Id.ToString(), QueueRows.LinkTo(line.Case), line.Number, line.Organisation ?? "企業・団体名は未確認",
        line.Kind == DeskNewsKind.HandedOver ? $"{line.By} から引き継がれました" : $"{line.By} が電話などを受けました", JapaneseDate.ShortTime(line.At), line.Text);

    public sealed class TallyInput
    {
        [Display(Name = "問合せの種類")]
        public string? Kind { get; set; }

        [Display(Name = "手段")]
        public string? Channel { get; set; } = "Phone";
    }
}
