using System.ComponentModel.DataAnnotations;
using Consultation.CaseFile;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Topics;
using Consultation.Visits;
using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;
using Consultation.Web.Pages.Visits;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Cases;

/// <summary>One case: what is next, what happened, and the two things written most: contacts and internal notes.</summary>
public sealed class CaseModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public CaseView View { get; private set; } = null!;

    /// <summary>Another desk's case, in place of <see cref="View"/>.</summary>
    public OtherDesksCaseView? Other { get; private set; }

    /// <summary>The points behind an offer are for supervisors.</summary>
    public bool SeesDecisions => Actor.Can(Permission.ReassignCase);

    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    [BindProperty]
    public ContactForm Contact { get; set; } = new();

    [BindProperty]
    public NoteForm Note { get; set; } = new();

    [BindProperty]
    public string? Key { get; set; }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        var page = await LookAsync(id);
        // Who calls about another desk's case is on the line now.
        Contact.Direction = Other is null ? Contact.Direction : nameof(ContactDirection.In);
        return page;
    }

    public async Task<IActionResult> OnPostContactAsync(string id)
    {
        var contact = Contact.Read(IdOf(id), clock.Now, ModelState);
        return ModelState.IsValid && await TryAsync(contact, ContactForm.FieldOf, done => Say(Recorded(done)), Key) ? RedirectToPage(new { id }) : await LookAsync(id);
    }

    public async Task<IActionResult> OnPostNoteAsync(string id) =>
        await TryAsync(new AddNote(IdOf(id), Note.Text), _ => "Note.Text", _ => Say("内部メモを残しました。"), Key) ? RedirectToPage(new { id }) : await LookAsync(id);

    public async Task<IActionResult> OnPostResumeAsync(string id) =>
        await TryAsync(new ResumeCase(IdOf(id)), _ => null, _ => Say("再開しました。期限は残りの時間から数え直しています。")) ? RedirectToPage(new { id }) : await LookAsync(id);

    public async Task<IActionResult> OnPostJoinAsync(string id, string? subject) =>
        Choices.Read<Track>(subject) is { } track && await TryAsync(new JoinTrack(IdOf(id), track), _ => null, _ => Say($"{CaseWords.Of(track)}も始めました。"))
            ? RedirectToPage(new { id }) : await LookAsync(id);

    public async Task<IActionResult> OnPostConfirmAsync(string id, string? subject) =>
        VisitId.TryParse(subject, null, out var visit) && await TryAsync(new ConfirmVisit(visit), _ => null, _ => Say("予約を確定しました。相談者と専門家にお知らせします。"))
            ? RedirectToPage(new { id }) : await LookAsync(id);

    private static string Recorded(RecordedContact done) =>
        (done.ToldDesk is { } desk ? $"{done.Number} にやりとりを記録し、{desk}に知らせました。" : $"{done.Number} にやりとりを記録しました。") + done.Calls;

    private static string WhenOf(FileCallBack call, FullCase full, DateTimeOffset now) =>
        JapaneseDate.NearTime(call.DueAt, now) + (full.Promises.Contains(call.Id) ? " に折り返す" : " までに電話");

    private static CaseId IdOf(string id) => CaseId.TryParse(id, null, out var found) ? found : throw new NotFound();

    private async Task<IActionResult> LookAsync(string id)
    {
        Key ??= NewFormKey();
        var file = await AskAsync(new GetCase(IdOf(id)));
        if (file.Full is { } full)
        {
            View = await ViewOfAsync(file, full);
        }
        else
        {
            Other = new(file.Number, CaseSigns.Of(file.Status), file.Next is { } next ? JapaneseDate.Long(JapanTime.DateOf(next)) : null, file.HolderName ?? "未定", file.Desk ?? "ほかの窓口");
        }

        return Page();
    }

    private async Task<CaseView> ViewOfAsync(CaseFileView file, FullCase full)
    {
        var today = JapanTime.DateOf(clock.Now);
        var (main, others) = CaseDoings.Of(file, full, Actor, clock.Now);
        return new(
            CaseFileWords.Head(file, full),
            clock.Now,
            full.Desk,
            full.OnHold ? "保留中です。相談者の回答を待っています。" : null,
            await CaseFileWords.DeadlinesAsync(full, clock, HttpContext.RequestAborted),
            [.. full.CallBacks.Select(call => new PromisedCallView(WhenOf(call, full, clock.Now), call.Phone, call.Attempts, call.Reason, call.Title))],
            main,
            others,
            file.Status == CaseStatus.Received ? SuggestionWords.Of(full.Suggestion, full.Text, today) with { ReplyLink = CaseDoings.ReplyLink(file.Id, Actor) } : null,
            [.. new[] { ("すべて", (string?)null), ("やりとり", "contact"), ("内部メモ", "note"), ("変更履歴", "history") }
                .Select(part => new SavedView(part.Item1, Url.Page("/Cases/Case", new { id = file.Id.ToString(), show = part.Item2 })! + "#story", Show == part.Item2))],
            CaseFileWords.Story(full, Show, today),
            CaseFileWords.Quota(full),
            VisitLines.Of(file, full, Actor, clock.Now),
            CaseFileWords.Ledger(full),
            FollowUpLines.Of(file, full, Actor, today),
            full.FollowUps.Count > 0 ? "最後に実施した相談の日から数えています。次の相談が予約されている間は止まります。" : null,
            CaseFileWords.Facts(full),
            [.. full.EarlierCases.Select(one => new EarlierCaseView(QueueRows.LinkTo(one.Id), one.Number, CaseSigns.Of(one.Status), $"受付 {JapaneseDate.Short(JapanTime.DateOf(one.ReceivedAt))}"))],
            full.AllowedActions.Contains(CaseAction.Edit) && Actor.Can(Permission.EditCase),
            Actor.Role != Role.Expert,
            VisitLines.ToConfirm(full, Actor),
            full.Wish is { } wish ? new($"{WishWords.Of(wish.State)}: {WishWords.Of(wish.Wanted)}") : null,
            full.AllowedActions.Contains(CaseAction.Book) && Actor.Can(Permission.BookVisit) && full.Tracks.Any(track => track.State is TrackState.Held or TrackState.Done));
    }

    public sealed class NoteForm
    {
        [Display(Name = "内部メモ")]
        public string? Text { get; set; }
    }
}
