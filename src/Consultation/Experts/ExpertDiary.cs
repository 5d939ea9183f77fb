using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>A stretch in which an expert cannot be elsewhere: <c>From</c> to <c>To</c> includes the travel around <c>Starts</c> to <c>Ends</c>.</summary>
/// <param name="Visit">Null for what is no visit of ours.</param>
/// <param name="Prefecture">JIS code of where the expert is; null for web, phone and what is no visit.</param>
public sealed record BusyTime(ExpertId Expert, Ref? Visit, DateTimeOffset From, DateTimeOffset Starts, DateTimeOffset Ends, DateTimeOffset To, string? Prefecture);

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
    public static void Lock(RoundTrip trip, IEnumerable<ExpertId> experts)
    {
        foreach (var expert in experts.Distinct().OrderBy(e => e.Value))
        {
            trip.Lock($"select 1 from pg_advisory_xact_lock(hashtextextended({expert.Value.ToString()}, 20))");
        }
    }

    /// <param name="prefecture">JIS code of where the visit takes place; null for web and phone.</param>
    public DiaryEntry Enter(ExpertId expert, Ref visit, VisitPeriod period, string? prefecture, DiaryState state)
    {
        var entry = new DiaryEntry(expert, visit, period, prefecture, state);
        db.Add(entry);
        return entry;
    }

    /// <summary>
    /// Who goes on to another visit instead of home is not on the way home: the row gives up what it blocks behind <paramref name="notAfter"/>. The row
    /// of the visit gone on to begins at <paramref name="leavesAt"/>, later or earlier than before; where something stands there, the constraint refuses.
    /// At once and not at the save, because the visit that takes the time may be saved before it.
    /// </summary>
    /// <exception cref="RuleViolation"><c>visit.taken</c>, translated from the constraint.</exception>
    public async Task GoOnAsync(ExpertId expert, Ref visit, DateTimeOffset? leavesAt, DateTimeOffset? notAfter, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"""
        update expert_diary set busy = tstzrange(case when {leavesAt is not null} then {leavesAt?.UtcDateTime ?? DateTime.MinValue.ToUniversalTime()} else lower(busy) end, least(upper(busy), {notAfter?.UtcDateTime ?? DateTime.MaxValue.ToUniversalTime()}))
        where expert_id = {expert.Value} and visit = {visit.Value} and state in ('held', 'confirmed', 'completed')
        """, cancellationToken);

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
    public static IReadOnlyList<BusyTime> Busy(RoundTrip trip, IEnumerable<ExpertId> experts, DateTimeOffset from, DateTimeOffset to) => trip.Rows(
        $"""
        select expert_id, visit, lower(busy), starts_at, ends_at, upper(busy), prefecture from expert_diary
        where expert_id = any({experts.Select(e => e.Value).ToArray()}) and busy && tstzrange({from.ToUniversalTime()}, {to.ToUniversalTime()}) and state in ('held', 'confirmed', 'completed')
        order by lower(busy), expert_id
        """,
        r => new BusyTime(r.Id<ExpertId>(), r.Id<Ref>(), r.Time(), r.Time(), r.Time(), r.Time(), r.MaybeText()));

    /// <summary>When these experts are busy elsewhere by their own calendars (journey J25). Nobody travels for that as far as we know.</summary>
    public static IReadOnlyList<BusyTime> Elsewhere(RoundTrip trip, IEnumerable<ExpertId> experts, DateTimeOffset from, DateTimeOffset to) => trip.Rows(
        $"select expert_id, starts_at, ends_at from expert_elsewhere where expert_id = any({experts.Select(e => e.Value).ToArray()}) and ends_at > {from.ToUniversalTime()} and starts_at < {to.ToUniversalTime()}",
        r =>
        {
            var (expert, starts, ends) = (r.Id<ExpertId>(), r.Time(), r.Time());
            return new BusyTime(expert, null, starts, starts, ends, ends, null);
        });
}
