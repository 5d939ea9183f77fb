using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// All desks with their calendars, read once and kept for a few seconds: every command needs one of them and they change about once a year.
/// A change of desks or closures drops the copy of its own process at once.
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
        var desks = await db.Set<Desk>().AsNoTracking().OrderBy(d => d.Slug).ToListAsync(cancellationToken);
        var closures = await db.Set<Closure>().AsNoTracking().ToListAsync(cancellationToken);
        return current = new Snapshot(clock.GetTimestamp(), desks, desks.ToDictionary(
            d => d.Id,
            d => new BusinessCalendar(d.Hours, closures.Where(c => c.DeskId is null || c.DeskId == d.Id).GroupBy(c => c.ClosedOn).ToDictionary(g => g.Key, g => g.First().Reason))));
    }

    public void Drop() => current = null;

    public sealed record Snapshot(long ReadAt, IReadOnlyList<Desk> Desks, IReadOnlyDictionary<DeskId, BusinessCalendar> Calendars)
    {
        public Desk? Find(DeskId id) => Desks.FirstOrDefault(d => d.Id == id);

        public Desk? Find(string slug) => Desks.FirstOrDefault(d => d.Slug == slug);

        /// <summary>Who takes a new inquiry meant for this desk: the national desk where this one is not in force that day.</summary>
        public Desk ForIntake(Desk meant, DateOnly day) => meant.IsInForce(day) ? meant : Find("national") ?? meant;

        public BusinessCalendar CalendarOf(DeskId id) => Calendars[id];
    }
}
