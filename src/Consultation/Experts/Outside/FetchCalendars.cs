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
[Requires(Permission.Operate), OutsideTransaction]
public sealed record FetchCalendars : ICommand<int>;

internal sealed partial class FetchCalendarsHandler(Dispatcher dispatcher, ConsultationDb db, Execution execution, CalendarFetcher fetcher, CalendarIntake intake, ILogger<FetchCalendarsHandler> log) : IRequestHandler<FetchCalendars, int>
{
    private const int Batch = 20;

    public async Task<int> Handle(FetchCalendars request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var due = await db.Set<ExpertCalendar>().AsNoTracking().Where(c => c.Source == CalendarSource.Feed && c.NextFetchAt <= now)
            .OrderBy(c => c.NextFetchAt).Take(Batch).Select(c => new { c.Id, c.ExpertId, c.Address }).ToListAsync(cancellationToken);
        foreach (var calendar in due)
        {
            await dispatcher.Send(await ReadAsync(calendar.Id, calendar.ExpertId, calendar.Address!, cancellationToken), execution.Actor, cancellationToken);
        }

        return due.Count;
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
