using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing.Board;
using Consultation.Staff;
using Consultation.Topics;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Assignment;

/// <summary>The board: everything that waits for an expert, to be planned as a whole or in part.</summary>
public sealed class IndexModel(Dispatcher dispatcher, DeskClock clock, DeskBook desks) : SendingPage(dispatcher)
{
    public const string Path = "/assignment";
    public const int Most = WaitingNeeds.Most;

    public IReadOnlyList<(CaseRow Row, CaseRowView View)> Rows { get; private set; } = [];

    public int Count { get; private set; }

    public bool TooMany => Count > Most;

    public PagerView Pager { get; private set; } = null!;

    public IReadOnlyList<AppliedPlan> Applied { get; private set; } = [];

    public DateTimeOffset Now => clock.Now;

    private NationalCalendar national = NationalCalendar.Shipped;

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty]
    public IReadOnlyList<string> Chosen { get; set; } = [];

    public static string PathTo(BoardPlanId plan) => $"{Path}/{plan}";

    public static IEnumerable<Track> Waiting(CaseRow row) => row.Tracks.Where(t => t.State == TrackState.Wanted).Select(t => t.Track);

    public int Waited(CaseRow row) => WaitingAges.Of(national, JapanTime.DateOf(row.ReceivedAt), JapanTime.DateOf(clock.Now));

    public Task OnGetAsync() => LookAsync();

    public Task<IActionResult> OnPostAllAsync() => PreviewAsync(new());

    public Task<IActionResult> OnPostChosenAsync()
    {
        if (Chosen.Count == 0)
        {
            ModelState.AddModelError("Chosen", "案に入れる案件を選んでください。");
        }

        return PreviewAsync(new([.. Chosen.Select(id => CaseId.TryParse(id, null, out var known) ? known : throw new NotFound())]));
    }

    private async Task<IActionResult> PreviewAsync(PreviewAssignment asked)
    {
        BoardResult? made = null;
        if (ModelState.IsValid && await TryAsync(asked, _ => "Chosen", plan => made = plan))
        {
            return Redirect(PathTo(made!.Id));
        }

        await LookAsync();
        return Page();
    }

    private async Task LookAsync()
    {
        national = await desks.NationalAsync(HttpContext.RequestAborted);
        var page = await AskAsync(new ListWaiting(After));
        var views = await QueueRows.OfAsync(page.Items, clock, HttpContext.RequestAborted);
        Rows = [.. page.Items.Zip(views)];
        Count = await AskAsync(new CountWaiting());
        Applied = await AskAsync(new ListPlans());
        Pager = new(
            TooMany ? $"{Most}件より多く待っています。{Rows.Count}件を表示しています。" : $"{Count}件が待っています。{Rows.Count}件を表示しています。",
            After is null ? null : Path, page.Next is null ? null : $"{Path}?after={Uri.EscapeDataString(page.Next)}");
    }
}
