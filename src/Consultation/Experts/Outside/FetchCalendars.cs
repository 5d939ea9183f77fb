using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Consultation.Experts.Outside;

/// <summary>
/// Asks the subscribed calendars that are due, one after another, with no transaction open while it waits for a host. Safe to run twice: the
/// same times a second time change nothing. Returns how many it asked.
/// </summary>
/// <exception cref="PartlyDone">All others were asked; what these said could not be kept.</exception>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record FetchCalendars : ICommand<int>;

internal sealed class FetchCalendarsHandler(ConsultationDb db, Dispatcher dispatcher, Execution execution) : IRequestHandler<FetchCalendars, int>
{
    private const int Batch = 20;

    public async Task<int> Handle(FetchCalendars request, CancellationToken cancellationToken)
    {
        var due = await db.Database.SqlQuery<Guid>($"""
            select c.id as "Value" from expert_calendars c where c.source = 'feed' and c.next_fetch_at <= {execution.Now.ToUniversalTime()}
            order by exists (select 1 from work_failures w where w.row_id = c.id::text), c.next_fetch_at, c.id limit {Batch}
            """).ToListAsync(cancellationToken);
        return await dispatcher.SendEach(due, id => new FetchCalendar(new(id)), execution.Actor, cancellationToken);
    }
}

/// <summary>Asks one calendar. False where it is subscribed to no more.</summary>
[Requires(Permission.Operate), OutsideTransaction]
public sealed record FetchCalendar(ExpertCalendarId Calendar) : ICommand<bool>;

internal sealed partial class FetchCalendarHandler(Dispatcher dispatcher, ConsultationDb db, Execution execution, CalendarFetcher fetcher, CalendarIntake intake, ILogger<FetchCalendarHandler> log) : IRequestHandler<FetchCalendar, bool>
{
    public async Task<bool> Handle(FetchCalendar request, CancellationToken cancellationToken)
    {
        if (await db.Set<ExpertCalendar>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == request.Calendar, cancellationToken) is not { Address: { } address } calendar)
        {
            return false;
        }

        await dispatcher.Send(await ReadAsync(calendar.Id, calendar.ExpertId, address, cancellationToken), execution.Actor, cancellationToken);
        return true;
    }

    private async Task<TakeFetchedCalendar> ReadAsync(ExpertCalendarId id, ExpertId expert, string address, CancellationToken cancellationToken)
    {
        var own = await intake.OwnAsync(expert, cancellationToken);
        // What a host sends is an outcome to be recorded, not a failure of the job.
        try
        {
            return new(id, expert, address, CalendarIntake.Read(await fetcher.FetchAsync(address, cancellationToken), execution.Now, own), null);
        }
        catch (CalendarNotFetched failed)
        {
            return new(id, expert, address, null, failed.Code);
        }
        catch (InvalidInput broken)
        {
            return new(id, expert, address, null, broken.Errors[0].Code);
        }
        // One calendar that nobody foresaw must not keep the others waiting. Neither its address nor its words are logged.
        catch (Exception unforeseen) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(log, id.Value, unforeseen.GetType().Name);
            return new(id, expert, address, null, "calendar.unreadable");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The subscribed calendar {Calendar} could not be read: {Kind}")]
    private static partial void LogUnreadable(ILogger log, Guid calendar, string kind);
}
