using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Experts;

/// <summary>A stretch in which an expert cannot be elsewhere: <c>From</c> to <c>To</c> includes the travel around <c>Starts</c> to <c>Ends</c>.</summary>
/// <param name="Visit">Null for what is no visit of ours.</param>
/// <param name="Prefecture">JIS code of where the expert is; null for web, phone and what is no visit.</param>
/// <param name="Arrives">When the expert gets there, where it is not known to be by <c>Starts</c>: a talk held on the road for it.</param>
public sealed record BusyTime(
    ExpertId Expert, Ref? Visit, DateTimeOffset From, DateTimeOffset Starts, DateTimeOffset Ends, DateTimeOffset To, string? Prefecture, DateTimeOffset? Arrives = null)
{
    /// <summary>When the expert may set off from there.</summary>
    internal DateTimeOffset Leaves => Arrives > Ends ? Arrives.Value : Ends;

    /// <summary>Somebody's way hangs on it.</summary>
    internal bool Travelled => Prefecture is not null || From < Starts || Ends < To;
}

/// <summary>A row of somebody who has set out and is not back at this moment, and where that one lives.</summary>
internal sealed record OnTheRoad(DiaryEntry Row, string Home, DateTimeOffset Now)
{
    public DateTimeOffset Since => new(Row.Busy.LowerBound, TimeSpan.Zero);

    /// <summary>Home again, should it fall through now.</summary>
    public DateTimeOffset Back => Row.TurnsBack(Home, Now).Back;
    public bool HasTurnedBack => Row.HasTurnedBack(Now);
}

/// <summary>An expert gets from one visit to the other no more, since what stood between them is gone or held from afar.</summary>
public sealed record WayCutOff(ExpertId Expert, Ref Before, Ref After) : IDomainEvent;

/// <summary>
/// The diary of busy times (design §5). A booking locks its experts first, enters one row for each and lets the constraint judge at the
/// save: <c>visit.taken</c> is the translated refusal.
/// </summary>
public sealed class ExpertDiary(ConsultationDb db, Execution execution)
{
    /// <summary>Neighbours farther away are reached whatever goes: a night away begins on the day before and ends on the day after.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromDays(2);
    private static readonly FormattableString Travelled = $"(prefecture is not null or busy <> tstzrange(starts_at, ends_at))";

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
    /// <param name="arrivesAt">Of who is on the road for it.</param>
    public DiaryEntry Enter(ExpertId expert, Ref visit, VisitPeriod period, string? prefecture, DiaryState state, DateTimeOffset? arrivesAt = null)
    {
        var entry = new DiaryEntry(expert, visit, period, prefecture, state, arrivesAt);
        db.Add(entry);
        return entry;
    }

    /// <summary>
    /// What this very change has entered stands in the database from now on: a change of several visits asks for the ways of the next one, which may lead
    /// straight from the one before.
    /// </summary>
    /// <exception cref="RuleViolation"><c>visit.taken</c>, translated from the constraint.</exception>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (var added in db.ChangeTracker.Entries<DiaryEntry>().Where(e => e.State == EntityState.Added).ToList())
        {
            var row = added.Entity;
            await db.Database.ExecuteSqlAsync(
                $"""
                insert into expert_diary (id, expert_id, visit, busy, starts_at, ends_at, state, prefecture, arrives_at)
                values ({row.Id.Value}, {row.ExpertId.Value}, {row.Visit.Value}, {row.Busy}, {row.StartsAt}, {row.EndsAt}, {EnumText.Of(row.State)}, {row.Prefecture}, {row.ArrivesAt})
                """, cancellationToken);
            added.State = EntityState.Unchanged;
        }
    }

    /// <summary>
    /// Who goes on to another visit instead of home is not on the way home: the row gives up what it blocks behind <paramref name="notAfter"/>. The row
    /// of the visit gone on to begins at <paramref name="leavesAt"/>, later or earlier than before; where something stands there, the constraint refuses.
    /// At once and not at the save, because the visit that takes the time may be saved before it.
    /// </summary>
    /// <exception cref="RuleViolation"><c>visit.taken</c>, translated from the constraint.</exception>
    public async Task GoOnAsync(BusyTime row, DateTimeOffset? leavesAt, DateTimeOffset? notAfter, CancellationToken cancellationToken) => await db.Database.ExecuteSqlAsync(
        $"""
        update expert_diary set busy = tstzrange(case when {leavesAt is not null} then {leavesAt?.UtcDateTime ?? DateTime.MinValue.ToUniversalTime()} else lower(busy) end, least(upper(busy), {notAfter?.UtcDateTime ?? DateTime.MaxValue.ToUniversalTime()}))
        where expert_id = {row.Expert.Value} and visit = {row.Visit!.Value.Value} and starts_at = {row.Starts.UtcDateTime} and state in ('held', 'confirmed', 'completed', 'away')
        """, cancellationToken);

    /// <summary>The rows of one visit that still block, for confirming, moving or completing them.</summary>
    public async Task<IReadOnlyList<DiaryEntry>> OfVisitAsync(Ref visit, CancellationToken cancellationToken) =>
        await db.Set<DiaryEntry>()
            .Where(e => e.Visit == visit && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed || e.State == DiaryState.Completed))
            .OrderBy(e => e.ExpertId)
            .ToListAsync(cancellationToken);

    /// <summary>Who has set out for a visit and is not back, also for a time that it had before it was moved or fell through. Who was absent then has not.</summary>
    internal async Task<IReadOnlyList<OnTheRoad>> OnTheRoadAsync(Ref visit, CancellationToken cancellationToken)
    {
        var now = execution.Now;
        var rows = await (
            from d in db.Set<DiaryEntry>().AsNoTracking()
            join e in db.Set<Expert>() on d.ExpertId equals e.Id
            where d.Visit == visit && d.Prefecture != null && (d.State == DiaryState.Confirmed || d.State == DiaryState.Away)
                && !db.Set<ExpertAbsence>().Any(a => a.ExpertId == d.ExpertId && a.StartsAt <= d.Busy.LowerBound && d.Busy.LowerBound < a.EndsAt)
            orderby d.ExpertId
            select new OnTheRoad(d, e.BasePrefecture, now)).ToListAsync(cancellationToken);
        return [.. rows.Where(r => r.Row.IsOnTheRoad(now))];
    }

    /// <summary>
    /// Frees the time of all experts of a visit, or of one, at once and not at the save, because another visit that takes this time may be saved before
    /// it, and the constraint judges row by row. The neighbours have their full ways again. The road of who has set out stays taken, there and back.
    /// </summary>
    /// <param name="becomes">Cancelled, or nobody was there.</param>
    /// <param name="goingOn">Of these the road is free too: they go on to where the visit is now, and the row that follows begins when they set out.</param>
    internal async Task ReleaseAsync(
        Ref visit, CancellationToken cancellationToken, DiaryState becomes = DiaryState.Cancelled, ExpertId? only = null, IReadOnlyCollection<OnTheRoad>? goingOn = null)
    {
        var on = (goingOn ?? []).Select(g => g.Row.Id.Value).ToArray();
        foreach (var (row, home, now) in await OnTheRoadAsync(visit, cancellationToken))
        {
            if (row.State == DiaryState.Confirmed && !on.Contains(row.Id.Value) && (only is null || row.ExpertId == only))
            {
                var (turns, back) = row.TurnsBack(home, now);
                await db.Database.ExecuteSqlAsync(
                    $"update expert_diary set state = 'away', ends_at = {turns.UtcDateTime}, busy = tstzrange(lower(busy), {back.UtcDateTime}) where id = {row.Id.Value}", cancellationToken);
            }
        }

        await FreeAsync(
            visit, Travelled,
            $"""
            update expert_diary set state = {EnumText.Of(becomes)}
            where visit = {visit.Value} and (state in ('held', 'confirmed', 'completed') or id = any({on})) and ({only is null} or expert_id = {only?.Value ?? Guid.Empty})
            """, cancellationToken);
    }

    /// <summary>The visit is held from afar: its travel is free again at once, but not for who is on the road already.</summary>
    /// <param name="mayComeBack">Whether nobody who waits is to be offered the time of the travel.</param>
    public Task StayHereAsync(Ref visit, bool mayComeBack, CancellationToken cancellationToken) => FreeAsync(
        visit, $"true",
        $"""
        update expert_diary set prefecture = null, busy = tstzrange(starts_at, ends_at), spared = case when {mayComeBack} then busy end
        where visit = {visit.Value} and state in ('held', 'confirmed') and prefecture is not null and (state = 'held' or lower(busy) > {execution.Now.UtcDateTime})
        """, cancellationToken);

    /// <param name="travelled">Of the row as it is afterwards: whether somebody's way hung on it.</param>
    private async Task FreeAsync(Ref visit, FormattableString travelled, FormattableString update, CancellationToken cancellationToken)
    {
        var free = new RoundTrip(db);
        var freed = free.Rows($"{update} returning expert_id, starts_at, upper(busy) > {execution.Now.UtcDateTime} and {travelled}", r => (Expert: r.Id<ExpertId>(), Starts: r.Time(), IsFree: r.Value<bool>()));
        await free.GoAsync(cancellationToken);
        Forget(e => e.Visit == visit);
        foreach (var (expert, starts, _) in freed.Where(f => f.IsFree).OrderBy(f => f.Expert.Value))
        {
            await CloseAsync(expert, starts, cancellationToken);
        }
    }

    /// <summary>The database keeps what the neighbours of a freed stretch block from now on. Where that cannot be, the rooms above hear of it.</summary>
    private async Task CloseAsync(ExpertId expert, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var look = new RoundTrip(db);
        Lock(look, [expert]);
        var home = look.Rows($"select base_prefecture from experts where id = {expert.Value}", r => r.MaybeText());
        var rows = Busy(look, [expert], at - Around, at + Around);
        await look.GoAsync(cancellationToken);
        var gap = WayBetween.Close(home[0], rows, at, execution.Now);
        var take = new RoundTrip(db);
        // First what shrinks, then what grows into it.
        foreach (var row in gap.Changed)
        {
            take.Do(
                $"""
                update expert_diary set busy = busy * tstzrange({row.From.UtcDateTime}, {row.To.UtcDateTime})
                where expert_id = {expert.Value} and visit = {row.Visit!.Value.Value} and starts_at = {row.Starts.UtcDateTime} and state in ('held', 'confirmed', 'completed', 'away')
                """);
        }

        var taken = gap.Changed.Select(row => take.Rows(
            $"select diary_row_takes({expert.Value}, {row.Visit!.Value.Value}, {row.Starts.UtcDateTime}, tstzrange({row.From.UtcDateTime}, {row.To.UtcDateTime}))", r => (Row: row, Took: r.Value<bool>()))).ToList();
        await take.GoAsync(cancellationToken);
        Forget(e => e.ExpertId == expert && gap.Changed.Any(row => row.Visit == e.Visit));
        if (gap is { Before.Visit: { } before, After.Visit: { } after })
        {
            execution.Raise(new WayCutOff(expert, before, after));
        }

        foreach (var (row, _) in taken.SelectMany(t => t).Where(t => !t.Took))
        {
            // Booked at the same moment by somebody who saw the shorter row.
            var beside = rows.OrderBy(r => (r.Starts - row.Starts).Duration()).FirstOrDefault(r => r.Visit != row.Visit);
            execution.Raise(new WayCutOff(expert, row.Visit!.Value, beside?.Visit ?? row.Visit.Value));
        }
    }

    /// <summary>What the context knows of rows that have changed behind its back.</summary>
    private void Forget(Func<DiaryEntry, bool> which)
    {
        foreach (var entry in db.ChangeTracker.Entries<DiaryEntry>().Where(e => e.State != EntityState.Added && which(e.Entity)).ToList())
        {
            entry.State = EntityState.Detached;
        }
    }

    /// <summary>What blocks these experts between two instants, in order of time.</summary>
    public static IReadOnlyList<BusyTime> Busy(RoundTrip trip, IEnumerable<ExpertId> experts, DateTimeOffset from, DateTimeOffset to) => trip.Rows(
        $"""
        select expert_id, visit, lower(busy), starts_at, ends_at, upper(busy), prefecture, arrives_at from expert_diary
        where expert_id = any({experts.Select(e => e.Value).ToArray()}) and busy && tstzrange({from.ToUniversalTime()}, {to.ToUniversalTime()}) and state in ('held', 'confirmed', 'completed', 'away')
        order by lower(busy), expert_id
        """,
        r => new BusyTime(r.Id<ExpertId>(), r.Id<Ref>(), r.Time(), r.Time(), r.Time(), r.Time(), r.MaybeText(), r.MaybeTime()));

    /// <summary>What these experts' visits blocked before a disaster made them web meetings that may become visits again.</summary>
    public static IReadOnlyList<(ExpertId Expert, DateTimeOffset From, DateTimeOffset To)> Spared(RoundTrip trip, IEnumerable<ExpertId> experts, DateTimeOffset from, DateTimeOffset to) => trip.Rows(
        $"""
        select expert_id, lower(spared), upper(spared) from expert_diary
        where expert_id = any({experts.Select(e => e.Value).ToArray()}) and spared && tstzrange({from.ToUniversalTime()}, {to.ToUniversalTime()}) and state in ('held', 'confirmed')
        """,
        r => (r.Id<ExpertId>(), r.Time(), r.Time()));

    /// <summary>When these experts are busy elsewhere by their own calendars (journey J25). Nobody travels for that as far as we know.</summary>
    public static IReadOnlyList<BusyTime> Elsewhere(RoundTrip trip, IEnumerable<ExpertId> experts, DateTimeOffset from, DateTimeOffset to) => trip.Rows(
        $"select expert_id, starts_at, ends_at from expert_elsewhere where expert_id = any({experts.Select(e => e.Value).ToArray()}) and ends_at > {from.ToUniversalTime()} and starts_at < {to.ToUniversalTime()}",
        r =>
        {
            var (expert, starts, ends) = (r.Id<ExpertId>(), r.Time(), r.Time());
            return new BusyTime(expert, null, starts, starts, ends, ends, null);
        });
}
