using System.Globalization;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Diaries;

/// <summary>A case for which a free time could be booked.</summary>
public sealed record CaseToBookView(string Link, string CaseLink, string Number, string Organisation, string Place, string Who, DeadlineView? Due);

/// <summary>From a free time of a diary to the booking of a case: which case it shall be for.</summary>
public sealed class BookModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public string Name { get; private set; } = "";

    public DateOnly Day { get; private set; }

    public string Back { get; private set; } = "";

    public IReadOnlyList<CaseToBookView> Cases { get; private set; } = [];

    /// <summary>The own diary where nobody else is named.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Expert { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    public async Task OnGetAsync()
    {
        Demand(Permission.BookVisit);
        var expert = Expert is null ? Actor.Expert ?? throw new NotFound() : ExpertId.TryParse(Expert, null, out var id) ? id : throw new NotFound();
        Day = DiaryDate.Read(On, new(), JapanTime.DateOf(clock.Now), ModelState);
        Back = Actor.Expert is null ? $"/diaries?on={Day:yyyy-MM-dd}" : $"/diary?on={Day:yyyy-MM-dd}";
        var found = await AskAsync(new ListCasesToBook(expert));
        Name = found.Name;
        var views = new List<CaseToBookView>();
        foreach (var one in found.Cases)
        {
            var due = one is { Due: { } at, DueKind: { } kind } ? await clock.OfAsync(kind, null, at, one.Why, one.District, HttpContext.RequestAborted) : null;
            views.Add(new(
                string.Create(CultureInfo.InvariantCulture, $"{QueueRows.LinkTo(one.Id)}/visits/new?week={Day:yyyy-MM-dd}#d{Day:yyyyMMdd}"), QueueRows.LinkTo(one.Id), one.Number,
                one.Organisation ?? "企業・団体名は未確認", $"{Prefectures.Find(one.PrefectureCode)?.Name ?? "所在地は未確認"}{one.City}",
                string.Join("・", one.Tracks.Select(CaseWords.Of)) + (one.Others.Count == 0 ? "" : $"・合同({string.Join("、", one.Others)})"), due));
        }

        Cases = views;
    }
}
