using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// All desks with their calendars, read once and kept for a few seconds: every command needs one of them and they change about once a year.
/// A change of desks or closures drops the copy of its own process at once; in other processes the next command sees that its copy is old.
/// </summary>
public sealed class DeskBook(IDbContextFactory<ConsultationDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private Snapshot? current;

    public async ValueTask<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (current is { } known && clock.GetElapsedTime(known.ReadAt) < Age)
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return current = await LoadAsync(db, cancellationToken);
    }

    /// <summary>Desks and closures as this very transaction sees them.</summary>
    public async Task<Snapshot> LoadAsync(ConsultationDb db, CancellationToken cancellationToken)
    {
        // The number first: rows newer than it only make the copy be read once more.
        var number = await db.Database.SqlQuery<long>($"select calendar_no as \"Value\" from installation").SingleAsync(cancellationToken);
        var desks = await db.Set<Desk>().AsNoTracking().OrderBy(d => d.Slug).ToListAsync(cancellationToken);
        var closures = await db.Set<Closure>().AsNoTracking().ToListAsync(cancellationToken);
        return new(clock.GetTimestamp(), number, desks, closures);
    }

    public void Drop() => current = null;

    /// <summary>Drops a copy that is older than the calendar with this number.</summary>
    public void Demand(long number)
    {
        if (current is { } known && known.Number < number)
        {
            current = null;
        }
    }

    public sealed class Snapshot(long readAt, long number, IReadOnlyList<Desk> desks, IReadOnlyList<Closure> closures)
    {
        public long ReadAt => readAt;

        public long Number => number;

        public IReadOnlyList<Desk> Desks => desks;

        public IReadOnlyList<Closure> Closures => closures;

        /// <summary>The desks whose reception is open at this instant.</summary>
        public IEnumerable<Desk> OpenAt(DateTimeOffset now) => desks.Where(d => CalendarOf(d.Id).IsOpenAt(now));

        public IReadOnlyDictionary<DeskId, BusinessCalendar> Calendars { get; } = desks.ToDictionary(
            d => d.Id,
            d => new BusinessCalendar(d.Hours, closures.Where(c => c.DeskId is null || c.DeskId == d.Id).GroupBy(c => c.ClosedOn).ToDictionary(g => g.Key, g => g.First().Reason)));

        public Desk? Find(DeskId id) => Desks.FirstOrDefault(d => d.Id == id);

        public Desk? Find(string slug) => Desks.FirstOrDefault(d => d.Slug == slug);

        /// <summary>Who takes a new inquiry meant for this desk: the national desk where this one is not in force that day.</summary>
        public Desk ForIntake(Desk meant, DateOnly day) => meant.IsInForceOn(day) ? meant : Find("national") ?? meant;

        public BusinessCalendar CalendarOf(DeskId id) => Calendars[id];

        /// <summary>The same desks with other closures.</summary>
        public Snapshot With(IEnumerable<Closure> others) => new(readAt, number, desks, [.. others]);
    }
}
