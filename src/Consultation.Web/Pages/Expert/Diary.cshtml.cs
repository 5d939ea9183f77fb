using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Routing;
using Consultation.Visits;
using Consultation.Web.Pages.FollowUps;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Expert;

/// <summary>The expert's own days: visits with travel, leave, closed days, and what is due.</summary>
public sealed class DiaryModel(Dispatcher dispatcher, DeskClock clock) : SendingPage(dispatcher)
{
    public DateTimeOffset Now => clock.Now;

    public AgendaView View { get; private set; } = null!;

    /// <summary>The day looked at; today without it.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? On { get; set; }

    /// <summary>day or week; by the width of the screen without it.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Span { get; set; }

    public async Task OnGetAsync()
    {
        var today = JapanTime.DateOf(clock.Now);
        var on = On ?? today;
        var diary = await AskAsync(new LookAtDiary(Actor.Expert ?? throw new Forbidden(), AgendaView.MondayOf(on), 7));
        View = AgendaView.Of("/diary", Span, on, today, diary, await TasksAsync());
    }

    private async Task<IReadOnlyList<AgendaTask>> TasksAsync()
    {
        var tasks = new List<AgendaTask>();
        foreach (var offer in (await AskAsync(new ListOffers())).Items)
        {
            tasks.Add(new(offer.RespondBy, "打診への返事", offer.Organisation ?? offer.Number, "/offers"));
        }

        foreach (var owed in (await AskAsync(new ListOwnVisits())).Owed.Where(report => report.Due is not null))
        {
            tasks.Add(new(owed.Due!.Value, "報告の提出", owed.Organisation ?? owed.Number, ExpertLinks.ToReport(owed.Visit, owed.Track)));
        }

        foreach (var followUp in (await AskAsync(new ListFollowUps())).Items.Where(row => FollowUpLines.IsOpen(row.State)))
        {
            var due = await clock.ByDayAsync("期日", followUp.DueOn, null, "national", HttpContext.RequestAborted);
            tasks.Add(new(due.Due, FollowUpWords.Of(followUp.Kind), followUp.Organisation ?? followUp.CaseNumber, FollowUpLines.PathTo(followUp.Case, followUp.Id)));
        }

        return tasks;
    }
}
