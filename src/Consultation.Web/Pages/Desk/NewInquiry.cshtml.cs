using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Desk;

/// <summary>Writes down an inquiry while the caller talks; one line is enough.</summary>
public sealed class NewInquiryModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    private const string New = "new";

    public NewInquiryView View { get; private set; } = null!;

    [BindProperty]
    public NewInquiryInput Input { get; set; } = new();

    /// <summary>Makes a double click and a resubmitted form one case.</summary>
    [BindProperty]
    public string? Key { get; set; }

    public async Task OnGetAsync()
    {
        Demand(Permission.LogInquiry);
        Key = NewFormKey();
        View = await BlankAsync();
        if (TempData["Ticket"] is string number)
        {
            View = View with { Previous = new(number, "保存しました。") };
        }
    }

    public async Task<IActionResult> OnPostAsync(string? @do)
    {
        Key ??= NewFormKey();
        View = await BlankAsync();
        var request = Read();
        if (!ModelState.IsValid || !await TryAsync(new PreviewInquiry(Input.Text, Input.Organisation, Input.CorporateNumber, Input.Phone, Input.Prefecture), FieldOf, Show))
        {
            return Page();
        }

        if (@do == "check")
        {
            return Page();
        }

        if (Input.Match is null && View.Matches is not null)
        {
            Input.Match = New;
            View = View with { Asked = true };
            return Page();
        }

        return CaseId.TryParse(Input.Match, null, out var known)
            ? await AppendAsync(known, request)
            : await LogAsync(request with { BesideSimilar = View.Matches is not null, SeparateReason = Input.SeparateReason }, @do);
    }

    private async Task<IActionResult> LogAsync(LogInquiry request, string? @do)
    {
        LoggedInquiry? logged = null;
        if (!await TryAsync(request, FieldOf, result => logged = result, Key))
        {
            return Page();
        }

        if (@do == "next")
        {
            TempData["Ticket"] = logged!.Number;
            return RedirectToPage();
        }

        if (@do == "answered" && await TryAsync(new CloseCase(logged!.Id, CaseOutcome.Answered), _ => null, closed => Say($"{closed.Number} を「窓口で回答済」で完了にしました。")))
        {
            return Redirect(QueueRows.LinkTo(logged.Id));
        }

        return RedirectToPage("/Desk/Inquiry", new { id = logged!.Id });
    }

    private async Task<IActionResult> AppendAsync(CaseId known, LogInquiry request)
    {
        var spoken = request.Channel is Channel.Phone or Channel.Visit or Channel.Event;
        var contact = new RecordContact(
            known, ContactDirection.In, request.Channel, spoken ? ContactResult.Answered : ContactResult.Message, null, null, request.Contact?.Name, request.Text, request.CallBackAt);
        return await TryAsync(contact, FieldOf, done => Say($"{done.Number} に、この連絡を追記しました。{(done.ToldDesk is { } desk ? $"{desk}にも知らせました。" : "")}{done.Calls}"), Key) ? Redirect(QueueRows.LinkTo(known)) : Page();
    }

    private LogInquiry Read() => new(
        Choices.Read<Channel>(Input.Channel), Input.Text, null, null, Input.ReadOrganisation(ModelState), Input.ReadContact(),
        Choices.Read<TeleworkStatus>(Input.TeleworkStatus), Choices.Read<VisitMode>(Input.PreferredMode), null,
        PromiseInput.Read(Input.CallBackOn, Input.CallBackAt, "Input.CallBackOn", "Input.CallBackAt", clock.Now, ModelState), Input.Consented);

    private void Show(PreviewedInquiry seen)
    {
        View = View with
        {
            Suggestion = seen.Suggestion is { } suggestion ? SuggestionWords.Of(suggestion, Input.Text ?? "", JapanTime.DateOf(clock.Now)) : null,
            Quota = seen.Quota is { } quota ? new(quota.Limit, quota.Used, quota.Held, quota.Year, "電話だけの問合せは数えません。") : null,
            Matches = seen.Similar.Count == 0 ? null : new(
                "Input.Match", Input.Organisation ?? Input.Phone ?? "",
                [.. seen.Similar.OrderBy(one => one.IsOtherDesks).Select(one => new MatchView(
                    one.Id.ToString(), one.Number, one.Desk, SignsOf(one), CaseSigns.Of(one.Status), one.IsOtherDesks, $"受付 {JapaneseDate.Short(JapanTime.DateOf(one.ReceivedAt))}"))],
                Input.Match ?? New),
        };
    }

    private static string SignsOf(SimilarCase one) => string.Join("と", one.Signs.Select(sign => sign switch
    {
        "organisation.name" => "企業・団体名",
        "organisation.corporateNumber" => "法人番号",
        _ => "電話番号",
    })) + "が一致";

    private async Task<NewInquiryView> BlankAsync() => new(await clock.NameOfDeskAsync(Actor, HttpContext.RequestAborted), clock.Now);

    internal static string? FieldOf(string field) => field switch
    {
        "text" or "channel" => "Input." + char.ToUpperInvariant(field[0]) + field[1..],
        "callBackAt" => "Input.CallBackAt",
        "organisation" or "organisation.name" => "Input.Organisation",
        "contact.name" => "Input.Person",
        "contact.role" => "Input.PersonRole",
        _ when field.StartsWith("organisation.", StringComparison.Ordinal) || field.StartsWith("contact.", StringComparison.Ordinal) =>
            "Input." + char.ToUpperInvariant(field[field.IndexOf('.') + 1]) + field[(field.IndexOf('.') + 2)..],
        "corporateNumber" or "phone" or "teleworkStatus" or "preferredMode" or "separateReason" or "prefecture" => "Input." + char.ToUpperInvariant(field[0]) + field[1..],
        _ => null,
    };
}
