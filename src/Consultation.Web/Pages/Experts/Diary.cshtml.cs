using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Visits;
using Consultation.Web.Pages.Diaries;
using Consultation.Web.Pages.Expert;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Experts;

/// <summary>An expert's days for those who book: whose visit it is stands only where the case may be seen.</summary>
public sealed class DiaryModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public string Name { get; private set; } = "";

    public AgendaView View { get; private set; } = null!;

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Span { get; set; }

    [BindProperty(SupportsGet = true)]
    public DayInput Go { get; set; } = new();

    public async Task OnGetAsync()
    {
        var today = JapanTime.DateOf(clock.Now);
        var on = DiaryDate.Read(On, Go, today, ModelState);
        var expert = ExpertId.TryParse(Id, null, out var id) ? id : throw new NotFound();
        var diary = await AskAsync(new LookAtDiary(expert, AgendaView.MondayOf(on), 7));
        Name = diary.Name;
        View = AgendaView.Of($"/experts/{expert}/diary", Span, on, today, diary, [], $"/diaries/book?expert={expert}&", ModelState.IsValid ? null : Go);
    }
}
