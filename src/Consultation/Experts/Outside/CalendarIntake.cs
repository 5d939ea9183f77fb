using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts.Outside;

/// <summary>An expert is busy elsewhere at times that were not known before; rooms above flag what stands in them.</summary>
public sealed record ExpertBusyElsewhere(ExpertId Expert) : IDomainEvent;

/// <summary>Puts the busy times of a calendar in place of those of its last reading.</summary>
public sealed class CalendarIntake(ConsultationDb db, Execution execution)
{
    private const int MostBytes = 1_000_000;

    /// <summary>Reads a file by itself; nothing is stored.</summary>
    /// <param name="own">By <see cref="OwnAsync"/>; what they name is passed over.</param>
    /// <exception cref="InvalidInput"><c>calendar.…</c></exception>
    public static IReadOnlyList<BusyPeriod> Read(byte[] file, DateTimeOffset now, IReadOnlySet<string>? own = null)
    {
        if (file.Length > MostBytes)
        {
            throw new InvalidInput("file", "calendar.too_large", MostBytes / 1_000_000);
        }

        var text = CsvText.Decode(file);
        return text is null || text.Contains('\0', StringComparison.Ordinal) ? throw CalendarText.NotCalendar() : BusyPeriods.Read(text, now, now + ExpertCalendar.Ahead, own);
    }

    /// <summary>The UIDs under which the visits of an expert were sent as invitations: the id of the visit, also of those that are cancelled.</summary>
    internal async Task<IReadOnlySet<string>> OwnAsync(ExpertId expert, CancellationToken cancellationToken)
    {
        var visits = await db.Set<DiaryEntry>().AsNoTracking().Where(e => e.ExpertId == expert).Select(e => e.Visit).ToListAsync(cancellationToken);
        return visits.Select(v => v.Value.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Holds the expert's diary, so that a booking of the same moment either sees the times or is flagged by them.</summary>
    internal async Task LockAsync(ExpertId expert, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        ExpertDiary.Lock(trip, [expert]);
        await trip.GoAsync(cancellationToken);
    }

    /// <summary>The expert's diary is locked. Past times stay as they were.</summary>
    internal async Task ReplaceAsync(ExpertCalendar calendar, IReadOnlyList<BusyPeriod> periods, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var known = await db.Set<ExpertElsewhere>().Where(e => e.CalendarId == calendar.Id && e.EndsAt > now).ToListAsync(cancellationToken);
        var wanted = periods.ToHashSet();
        db.RemoveRange(known.Where(e => !wanted.Contains(new(e.StartsAt, e.EndsAt))));
        wanted.ExceptWith(known.Select(e => new BusyPeriod(e.StartsAt, e.EndsAt)));
        db.AddRange(wanted.OrderBy(p => p.From).Select(p => new ExpertElsewhere(calendar.ExpertId, calendar.Id, p.From, p.To)));
        if (wanted.Count > 0)
        {
            execution.Raise(new ExpertBusyElsewhere(calendar.ExpertId));
        }
    }
}
