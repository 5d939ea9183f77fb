using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Consultation.Experts;

/// <summary>A stretch in which an expert cannot be elsewhere, travel included.</summary>
public sealed record BusyTime(ExpertId Expert, Ref Visit, DateTimeOffset From, DateTimeOffset To, string? Prefecture);

/// <summary>
/// The diary of busy times (design §5). A booking locks its experts first, enters one row for each and lets the constraint judge at the
/// save: <c>visit.taken</c> is the translated refusal.
/// </summary>
public sealed class ExpertDiary(ConsultationDb db)
{
    /// <summary>
    /// Holds the diaries of these experts until the transaction ends, in the order of their ids, so that two joint bookings never wait for
    /// each other. Taken before the quota account and the case.
    /// </summary>
    public async Task LockAsync(IEnumerable<ExpertId> experts, CancellationToken cancellationToken)
    {
        foreach (var expert in experts.Distinct().OrderBy(e => e.Value))
        {
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({expert.Value.ToString()}, 20))", cancellationToken);
        }
    }

    /// <param name="prefecture">JIS code of where the visit takes place; null for web and phone.</param>
    public DiaryEntry Enter(ExpertId expert, Ref visit, VisitPeriod period, string? prefecture, DiaryState state)
    {
        var entry = new DiaryEntry(expert, visit, period, prefecture, state);
        db.Add(entry);
        return entry;
    }

    /// <summary>The rows of one visit that still block, for confirming, moving or completing them.</summary>
    public async Task<IReadOnlyList<DiaryEntry>> OfVisitAsync(Ref visit, CancellationToken cancellationToken) =>
        await db.Set<DiaryEntry>()
            .Where(e => e.Visit == visit && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed || e.State == DiaryState.Completed))
            .OrderBy(e => e.ExpertId)
            .ToListAsync(cancellationToken);

    /// <summary>
    /// Frees the time of all experts of a visit at once and not at the save, because another visit that takes this time may be saved before
    /// it, and the constraint judges row by row.
    /// </summary>
    public async Task ReleaseAsync(Ref visit, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlAsync(
            $"update expert_diary set state = 'cancelled' where visit = {visit.Value} and state in ('held', 'confirmed', 'completed')", cancellationToken);
        foreach (var entry in db.Set<DiaryEntry>().Local.Where(e => e.Visit == visit))
        {
            entry.Cancel();
        }
    }

    /// <summary>What blocks these experts between two instants, in order of time.</summary>
    public async Task<IReadOnlyList<BusyTime>> BusyAsync(
        IReadOnlyCollection<ExpertId> experts, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var asked = new NpgsqlRange<DateTime>(from.UtcDateTime, lowerBoundIsInclusive: true, to.UtcDateTime, upperBoundIsInclusive: false);
        var rows = await db.Set<DiaryEntry>().AsNoTracking()
            .Where(e => experts.Contains(e.ExpertId) && e.Busy.Overlaps(asked)
                && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed || e.State == DiaryState.Completed))
            .ToListAsync(cancellationToken);
        return rows
            .OrderBy(e => e.Busy.LowerBound).ThenBy(e => e.ExpertId.Value)
            .Select(e => new BusyTime(e.ExpertId, e.Visit, Instant(e.Busy.LowerBound), Instant(e.Busy.UpperBound), e.Prefecture))
            .ToList();
    }

    private static DateTimeOffset Instant(DateTime utc) => new(utc, TimeSpan.Zero);
}
