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

    [BindProperty]
    public TallyInput Tally { get; set; } = new();

    public Task OnGetAsync() => LookAsync();

    public async Task<IActionResult> OnPostNoAnswerAsync(CaseId @case)
    {
        var attempt = new RecordContact(@case, ContactDirection.Out, Channel.Phone, ContactResult.NoAnswer);
        if (await TryAsync(attempt, _ => null, contact => Say($"{contact.Number} に「先方不在」を記録しました。")))
        {
            return RedirectToPage();
        }

        await LookAsync();
        return Page();
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

    private async Task LookAsync()
    {
        var district = Actor.District ?? "national";
        var calls = new List<CallBackView>();
        foreach (var call in (await AskAsync(new ListCallBacks())).Items)
        {
            calls.Add(new(
                call.Case.ToString(), QueueRows.LinkTo(call.Case), call.Number, call.Organisation ?? "企業・団体名は未確認", call.Person, call.Phone,
                await clock.OfAsync("折り返し", call.DueAt, byHours: true, null, district, HttpContext.RequestAborted), call.Attempts, null, call.Reason, call.Title));
        }

        var tonight = JapanTime.At(JapanTime.DateOf(clock.Now).AddDays(1), TimeOnly.MinValue);
        var pressing = await AskAsync(new ListQueue(Limit: MostPressing, DueBefore: tonight));
        View = new(
            await clock.NameOfDeskAsync(Actor, HttpContext.RequestAborted),
            clock.Now,
            await clock.ClosedTodayAsync(district, HttpContext.RequestAborted),
            calls,
            await QueueRows.OfAsync(pressing.Items, clock, HttpContext.RequestAborted),
            pressing.Next is not null,
            await FollowUpLineView.OfAsync((await AskAsync(new ListFollowUps(JapanTime.DateOf(clock.Now), Limit: MostPressing))).Items, clock, district, HttpContext.RequestAborted),
            HomeChoices.TallyKinds,
            HomeChoices.TallyChannels);
    }

    public sealed class TallyInput
    {
        [Display(Name = "問合せの種類")]
        public string? Kind { get; set; }

        [Display(Name = "手段")]
        public string? Channel { get; set; } = "Phone";
    }
}
