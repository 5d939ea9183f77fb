using Consultation.Calendar;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Staff;

/// <summary>
/// All desks with their calendars and the national one, read once and kept for a few seconds: every command needs one of them and they change about
/// once a year. A change of desks or days drops the copy of its own process at once; in other processes the next command sees that its copy is old.
/// </summary>
public sealed class DeskBook(IDbContextFactory<ConsultationDb> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private Snapshot? current;
    private KeptNational? national;

    private sealed record KeptNational(string Key, NationalCalendar Calendar);

    public async ValueTask<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (current is { } known && clock.GetElapsedTime(known.ReadAt) < Age)
        {
            return known;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return current = await LoadAsync(db, cancellationToken);
    }

    /// <summary>The closing days of everyone; for what belongs to no desk.</summary>
    public async ValueTask<NationalCalendar> NationalAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).National;

    /// <summary>Desks and their days as this very transaction sees them.</summary>
    public async Task<Snapshot> LoadAsync(ConsultationDb db, CancellationToken cancellationToken)
    {
        // The number first: rows newer than it only make the copy be read once more.
        var number = await db.Database.SqlQuery<long>($"select calendar_no as \"Value\" from installation").SingleAsync(cancellationToken);
        var desks = await db.Set<Desk>().AsNoTracking().OrderBy(d => d.Slug).ToListAsync(cancellationToken);
        var closures = await db.Set<Closure>().AsNoTracking().ToListAsync(cancellationToken);
        var openings = await db.Set<Opening>().AsNoTracking().ToListAsync(cancellationToken);
        return new(clock.GetTimestamp(), number, await NationalAsync(db, cancellationToken), desks, closures, openings);
    }

    // A published table never changes, so that its calendar is kept for as long as it is in force.
    private async Task<NationalCalendar> NationalAsync(ConsultationDb db, CancellationToken cancellationToken)
    {
        var yearEnds = await db.Set<YearEndRule>().AsNoTracking().OrderBy(y => y.FirstWinter).ToListAsync(cancellationToken);
        var version = await db.Set<HolidayTable>().MaxAsync(t => (int?)t.Version, cancellationToken);
        var key = $"{version} {string.Join(' ', yearEnds.Select(y => y.Days))}";
        if (national is { } kept && kept.Key == key)
        {
            return kept.Calendar;
        }

        // Before the base data are there, the shipped table is what they will begin with.
        var table = version is { } newest ? await db.Set<HolidayTable>().AsNoTracking().SingleAsync(t => t.Version == newest, cancellationToken) : HolidayTable.Shipped(default, "");
        var calendar = table.With(yearEnds);
        national = new(key, calendar);
        return calendar;
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

    public sealed class Snapshot(
        long readAt, long number, NationalCalendar national, IReadOnlyList<Desk> desks, IReadOnlyList<Closure> closures, IReadOnlyList<Opening> openings)
    {
        public long ReadAt => readAt;

        public long Number => number;

        public NationalCalendar National => national;

        public IReadOnlyList<Desk> Desks => desks;

        public IReadOnlyList<Closure> Closures => closures;

        public IReadOnlyList<Opening> Openings => openings;

        /// <summary>The desks whose reception is open at this instant.</summary>
        public IEnumerable<Desk> OpenAt(DateTimeOffset now) => desks.Where(d => CalendarOf(d.Id).IsOpenAt(now));

        public IReadOnlyDictionary<DeskId, BusinessCalendar> Calendars { get; } = desks.ToDictionary(d => d.Id, d => Of(d, national, closures, openings));

        public Desk? Find(DeskId id) => Desks.FirstOrDefault(d => d.Id == id);

        public Desk? Find(string slug) => Desks.FirstOrDefault(d => d.Slug == slug);

        /// <summary>Who takes a new inquiry meant for this desk: the national desk where this one is not in force that day.</summary>
        public Desk ForIntake(Desk meant, DateOnly day) => meant.IsInForceOn(day) ? meant : Find("national") ?? meant;

        public BusinessCalendar CalendarOf(DeskId id) => Calendars[id];

        /// <summary>The same desks with other closures, openings or national days.</summary>
        public Snapshot With(IEnumerable<Closure>? others = null, IEnumerable<Opening>? otherOpenings = null, NationalCalendar? otherDays = null) =>
            new(readAt, number, otherDays ?? national, desks, others is null ? closures : [.. others], otherOpenings is null ? openings : [.. otherOpenings]);

        // What a desk decided for itself goes before what holds for all; of the same reach a day is closed or has its hours, never both.
        private static BusinessCalendar Of(Desk desk, NationalCalendar national, IReadOnlyList<Closure> closures, IReadOnlyList<Opening> openings)
        {
            var closed = closures.Where(c => c.DeskId is null || c.DeskId == desk.Id).GroupBy(c => c.ClosedOn).ToDictionary(g => g.Key, g => g.OrderBy(c => c.DeskId is null).First());
            var special = openings.Where(o => o.DeskId is null || o.DeskId == desk.Id).GroupBy(o => o.OpenOn).Select(g => g.OrderBy(o => o.DeskId is null).First())
                .Where(o => o.DeskId is not null || !closed.TryGetValue(o.OpenOn, out var closure) || closure.DeskId is null)
                .ToDictionary(o => o.OpenOn, o => new SpecialHours(o.Hours, o.Reason));
            return new(national, desk.Hours, closed.ToDictionary(c => c.Key, c => c.Value.Reason), special);
        }
    }
}
