using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Web.Pages.Diaries;
using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own days: the next departure, what waits for an answer, and the week with travel, leave, closed days and free time.</summary>
public sealed class DiaryModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public AgendaView View { get; private set; } = null!;

    /// <summary>The next visit; null where none is booked.</summary>
    public NextVisitView? NextVisit { get; private set; }

    /// <summary>What is due, the most urgent first.</summary>
    public IReadOnlyList<TodoLine> Todo { get; private set; } = [];

    /// <summary>The day looked at; today without it.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    /// <summary>day or week; by the width of the screen without it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Span { get; set; }

    [BindProperty(SupportsGet = true)]
    public DayInput Go { get; set; } = new();

    public async Task OnGetAsync()
    {
        var today = JapanTime.DateOf(clock.Now);
        var on = DiaryDate.Read(On, Go, today, ModelState);
        var diary = await AskAsync(new LookAtDiary(Actor.Expert ?? throw new Forbidden(), AgendaView.MondayOf(on), 7));
        var own = await AskAsync(new ListOwnVisits());
        NextVisit = own.Booked.Where(visit => visit.End > clock.Now).Select(visit => NextVisitView.Of(visit, clock.Now)).FirstOrDefault();
        View = AgendaView.Of("/diary", Span, on, today, diary, await TasksAsync(own), "/diaries/book?", ModelState.IsValid ? null : Go);
    }

    private async Task<IReadOnlyList<AgendaTask>> TasksAsync(OwnVisits own)
    {
        var (tasks, todo) = (new List<AgendaTask>(), new List<TodoLine>());
        foreach (var offer in (await AskAsync(new ListOffers())).Items)
        {
            await AddAsync(new(offer.RespondBy, "打診への返事", offer.Organisation ?? offer.Number, "/offers"), Prefectures.Find(offer.PrefectureCode)?.District.Slug, null);
        }

        foreach (var owed in own.Owed)
        {
            var organisation = owed.Organisation ?? owed.Number;
            if (owed.Due is { } due)
            {
                await AddAsync(new(due, owed.ReturnedWhy is null ? "報告の提出" : "差し戻された報告", organisation, ExpertLinks.ToReport(owed.Visit, owed.Track)), owed.District, owed.Why);
            }
            else
            {
                todo.Add(new("報告の提出", organisation, ExpertLinks.ToReport(owed.Visit, owed.Track), null));
            }
        }

        foreach (var followUp in (await AskAsync(new ListFollowUps())).Items.Where(row => FollowUpLines.IsOpen(row.State)))
        {
            var due = await clock.ByDayAsync("期日", followUp.DueOn, followUp.Why, "national", HttpContext.RequestAborted);
            tasks.Add(new(due.Due, FollowUpWords.Of(followUp.Kind), followUp.Organisation ?? followUp.CaseNumber, FollowUpLines.PathTo(followUp.Case, followUp.Id)));
            todo.Add(new(FollowUpWords.Of(followUp.Kind), followUp.Organisation ?? followUp.CaseNumber, FollowUpLines.PathTo(followUp.Case, followUp.Id), due));
        }

        Todo = [.. todo.OrderBy(line => line.Due?.Due ?? DateTimeOffset.MaxValue)];
        return tasks;

        async Task AddAsync(AgendaTask task, string? district, string? why)
        {
            tasks.Add(task);
            todo.Add(new(task.Kind, task.Organisation, task.Link, await clock.OfAsync("期限", task.Due, byHours: false, why, district ?? "national", HttpContext.RequestAborted)));
        }
    }
}
