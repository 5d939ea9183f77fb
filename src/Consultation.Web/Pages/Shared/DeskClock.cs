using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;

namespace Consultation.Web.Pages.Shared;

/// <summary>What time it is for a desk: deadlines in words by the calendar of the desk that owes them, and whether it works today.</summary>
public sealed class DeskClock(DeskBook desks, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <param name="district">Whose calendar counts; the national desk's where the district has none.</param>
    public async ValueTask<DeadlineView> OfAsync(DeadlineKind kind, Track? track, DateTimeOffset due, string? why, string district, CancellationToken cancellationToken)
    {
        var name = track is { } side ? $"{CaseWords.Of(kind)}({CaseWords.Of(side)})" : CaseWords.Of(kind);
        return await OfAsync(name, due, byHours: !Deadline.IsByDay(kind), why, district, cancellationToken);
    }

    public async ValueTask<DeadlineView> OfAsync(string name, DateTimeOffset due, bool byHours, string? why, string district, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var desk = book.Find(district) ?? book.Find("national") ?? throw new RuleViolation("desk.none");
        var calendar = book.CalendarOf(desk.Id);
        return DeadlineView.Of(name, due, byHours, calendar.WorkBetween(Now, due), BusinessDays(calendar, due), Now, why);
    }

    /// <summary>A day until whose closing something is due.</summary>
    public async ValueTask<DeadlineView> ByDayAsync(string name, DateOnly due, string? why, string district, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var desk = book.Find(district) ?? book.Find("national") ?? throw new RuleViolation("desk.none");
        return await OfAsync(name, book.CalendarOf(desk.Id).ClosingOf(due), byHours: false, why, district, cancellationToken);
    }

    /// <summary>So many business days of the desk after a day, or after today where that is later.</summary>
    public async ValueTask<DateOnly> AfterAsync(DateOnly day, int businessDays, string district, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        var desk = book.Find(district) ?? book.Find("national") ?? throw new RuleViolation("desk.none");
        var today = JapanTime.DateOf(Now);
        return book.CalendarOf(desk.Id).AddBusinessDays(day > today ? day : today, businessDays).Due;
    }

    /// <summary>Why the desk is closed today; null on a working day.</summary>
    public async ValueTask<string?> ClosedTodayAsync(string district, CancellationToken cancellationToken)
    {
        var book = await desks.ReadAsync(cancellationToken);
        return (book.Find(district) ?? book.Find("national")) is { } desk ? book.CalendarOf(desk.Id).ClosedReason(JapanTime.DateOf(Now)) : null;
    }

    public async ValueTask<string> NameOfDeskAsync(Actor actor, CancellationToken cancellationToken) =>
        (actor.Desk is { } own ? (await desks.ReadAsync(cancellationToken)).Find(own)?.Name : null) ?? "全国の窓口";

    private int BusinessDays(BusinessCalendar calendar, DateTimeOffset due)
    {
        var today = JapanTime.DateOf(Now);
        var last = JapanTime.DateOf(due);
        var (from, to, sign) = last >= today ? (today, last, 1) : (last, today, -1);
        var days = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
        {
            days += calendar.IsOpen(day) ? sign : 0;
        }

        return days;
    }
}
