using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>What is known of an expert's calendars elsewhere, for whoever may see the expert; never their addresses.</summary>
[Requires(Permission.SignedIn)]
public sealed record ListCalendars(ExpertId Expert) : IQuery<ExpertCalendars>;

/// <param name="Hosts">From where a calendar may be subscribed; nowhere where empty.</param>
public sealed record ExpertCalendars(IReadOnlyList<ExpertCalendarView> Calendars, IReadOnlyList<string> Hosts);

/// <param name="Host">Of a feed.</param>
/// <param name="Periods">Stretches still to come.</param>
public sealed record ExpertCalendarView(CalendarSource Source, string? Host, DateTimeOffset? TakenAt, string? Fault, int Periods);

internal sealed class ListCalendarsHandler(ConsultationDb db, Execution execution, ExpertAccess access, CalendarSettings settings) : IRequestHandler<ListCalendars, ExpertCalendars>
{
    public async Task<ExpertCalendars> Handle(ListCalendars request, CancellationToken cancellationToken)
    {
        if (!await access.Visible().AnyAsync(e => e.Id == request.Expert, cancellationToken))
        {
            throw new NotFound();
        }

        var now = execution.Now.ToUniversalTime();
        var rows = await db.Set<ExpertCalendar>().AsNoTracking().Where(c => c.ExpertId == request.Expert).OrderBy(c => c.Source)
            .Select(c => new { c.Source, c.Address, c.TakenAt, c.Fault, Periods = db.Set<ExpertElsewhere>().Count(e => e.CalendarId == c.Id && e.EndsAt > now) }).ToListAsync(cancellationToken);
        return new([.. rows.Select(c => new ExpertCalendarView(c.Source, c.Address is null ? null : new Uri(c.Address).Host, c.TakenAt, c.Fault, c.Periods))], settings.Hosts);
    }
}
