using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Cases;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Desk;

/// <summary>The inquiry that was just written down: its number to read aloud, and what can still be asked.</summary>
public sealed class InquiryModel(Dispatcher dispatcher, DeskClock clock) : CaseActPage(dispatcher)
{
    public InquiryView View { get; private set; } = null!;

    [BindProperty]
    public InquiryInput Input { get; set; } = new();

    public async Task<IActionResult> OnGetAsync()
    {
        await LookAsync();
        Input = InquiryInput.Of(Full);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var edit = Input.Read(Case, ModelState);
        if (ModelState.IsValid && await TryAsync(edit, NewInquiryModel.FieldOf, _ => Say("聞けたことを保存しました。")))
        {
            return RedirectToPage(new { id = Id });
        }

        return await ShowAsync();
    }

    protected override async Task LookAsync()
    {
        await base.LookAsync();
        var deadlines = Full.Deadlines.Where(deadline => deadline.Kind is DeadlineKind.FirstResponse or DeadlineKind.CallBack).ToList();
        var first = deadlines.Count > 0 ? deadlines[0] : null;
        View = new(
            new(Head.Number, $"番号は発行済みです。{JapaneseDate.ShortTime(Full.LoggedAt)} に保存しました。"), Head.Link, Full.Desk, clock.Now,
            SuggestionWords.Of(Full.Suggestion, Full.Text, JapanTime.DateOf(clock.Now)) with { ReplyLink = CaseDoings.ReplyLink(Case, Actor) },
            CaseFileWords.Quota(Full),
            first is null ? null : await clock.OfAsync(first.Kind, first.Track, first.Due, first.Why, Full.District, HttpContext.RequestAborted),
            [.. Full.Missing.Concat(Full.Doubtful).Distinct().Select(GapOf)],
            Full.AllowedActions.Contains(CaseAction.Route) && Actor.Can(Permission.RouteCase));
    }

    private GapView GapOf(string field) => new(
        FieldState.IdOf(NewInquiryModel.FieldOf(field) ?? "Input"),
        MetadataProvider.GetMetadataForType(typeof(InquiryInput)).Properties[(NewInquiryModel.FieldOf(field) ?? "Input.Organisation")["Input.".Length..]]?.DisplayName ?? "",
        Full.Doubtful.Contains(field) ? "確かめてください" : null);
}
