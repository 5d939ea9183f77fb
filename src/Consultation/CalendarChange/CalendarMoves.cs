using Consultation.Calendar;
using Consultation.Cases;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Visits;
using Microsoft.EntityFrameworkCore;

namespace Consultation.CalendarChange;

/// <summary>
/// One date that moves. The administrator who closes a day may see no cases; the number is what people read aloud and tells neither who
/// asked nor what, so that it is named here without company, text or link, and a desk can look it up.
/// </summary>
/// <param name="Was">What it says now, in words; by day where the kind is.</param>
public sealed record MovedItem(string Number, DeskId Desk, string Kind, string Was, string Due, string Why);

/// <summary>What stands on the day and does not move: confirmed and held visits, promised calls. People decide about them.</summary>
public sealed record StayingItem(string Number, DeskId Desk, string What, DateTimeOffset At);

/// <summary>Days on which desks open, close or keep other hours.</summary>
/// <param name="Days">At least one, in order.</param>
/// <param name="Before">The desks' calendars as they stand, and <paramref name="After"/> as they are to be.</param>
internal sealed record DayChange(IReadOnlyList<DateOnly> Days, IReadOnlyList<Desk> Desks, DeskBook.Snapshot Before, DeskBook.Snapshot After, string Cause)
{
    public DateOnly First => Days[0];
}

/// <summary>
/// What a change of the calendar does to open work: looks at it, or does it. The commands that do it run alone
/// (<see cref="ChangesCalendarAttribute"/>), so that nothing begins meanwhile and the daily limits of the follow-ups hold.
/// </summary>
public sealed class CalendarMoves(ConsultationDb db, Execution execution, CaseAccess cases, FollowUpPlan plan)
{
    internal async Task<IReadOnlyList<MovedItem>> LookAsync(DayChange change, CancellationToken cancellationToken)
    {
        var moved = new List<MovedItem>();
        foreach (var found in await CasesAsync(change, cancellationToken))
        {
            moved.AddRange(found.MovedBy(change.Before.CalendarOf(found.DeskId), change.After.CalendarOf(found.DeskId), execution.Now).Select(m => Item(found, m)));
        }

        var followUps = await FollowUpsAsync(change, tracked: false, cancellationToken);
        var numbers = await NumbersAsync(followUps.Select(f => f.FollowUp.CaseId), cancellationToken);
        return [.. moved, .. followUps.Select(f => Item(numbers[f.FollowUp.CaseId], f.FollowUp, f.Due))];
    }

    /// <summary>Moves deadlines and follow-ups under the locks of their cases.</summary>
    internal async Task<IReadOnlyList<MovedItem>> MoveAsync(DayChange change, CancellationToken cancellationToken)
    {
        var ids = (await CasesAsync(change, cancellationToken))
            .Where(c => c.MovedBy(change.Before.CalendarOf(c.DeskId), change.After.CalendarOf(c.DeskId), execution.Now).Count > 0).Select(c => c.Id)
            .Concat((await FollowUpsAsync(change, tracked: false, cancellationToken)).Select(f => f.FollowUp.CaseId))
            .Distinct().ToList();
        var touched = ids.Select(c => c.Value).ToArray();
        await db.Database.ExecuteSqlAsync($"select 1 from cases where id = any({touched}) order by id for update", cancellationToken);

        var moved = new List<MovedItem>();
        var locked = await db.Set<Case>().Include(c => c.Tracks).Include(c => c.Deadlines.Where(d => d.State == DeadlineState.Open || d.State == DeadlineState.Paused))
            .Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken);
        var occasions = new Dictionary<DeskId, Occasion>();
        foreach (var desk in change.Desks)
        {
            occasions[desk.Id] = await cases.OccasionAsync(desk.Id, cancellationToken);
        }

        foreach (var found in locked.Where(c => occasions.ContainsKey(c.DeskId)).OrderBy(c => c.Number, StringComparer.Ordinal))
        {
            var own = found.CountAgain(change.Before.CalendarOf(found.DeskId), change.After.CalendarOf(found.DeskId), change.Cause, occasions[found.DeskId]);
            if (own.Count > 0)
            {
                moved.AddRange(own.Select(m => Item(found, m)));
                execution.Audit("case.deadlines_moved", found.Id, string.Join("; ", own.Select(m => $"{EnumText.Of(m.Kind)} {JapanTime.ToJapan(m.Was):yyyy-MM-dd HH:mm} -> {JapanTime.ToJapan(m.Due):yyyy-MM-dd HH:mm}")));
            }
        }

        foreach (var (followUp, due) in (await FollowUpsAsync(change, tracked: true, cancellationToken)).Where(f => touched.Contains(f.FollowUp.CaseId.Value)))
        {
            var found = locked.Single(c => c.Id == followUp.CaseId);
            moved.Add(Item(found.Number, followUp, due));
            execution.Audit("follow_up.moved", followUp.Id, $"{followUp.DueOn:yyyy-MM-dd} -> {due.Due:yyyy-MM-dd}");
            found.Tell(await cases.OccasionAsync(followUp.DeskId, cancellationToken), "follow_up_moved", $"{change.Cause}のため{FollowUpWords.Of(followUp.Kind)}を変更: {JapaneseDate.Short(followUp.DueOn)} → {JapaneseDate.Short(due.Due)}");
            // What comes back from the hand-over list waits like the rest of its plan, where another visit is wanted.
            if (followUp.Move(due) && await plan.IsSuspendedAsync(found, cancellationToken))
            {
                followUp.Suspend(true, JapanTime.DateOf(execution.Now));
            }
        }

        return moved;
    }

    /// <summary>Visits and promised calls on the days; they were agreed with a person and are nobody's to move but theirs.</summary>
    internal async Task<IReadOnlyList<StayingItem>> StayingAsync(DayChange change, CancellationToken cancellationToken)
    {
        var (begins, ends) = (JapanTime.At(change.First, default).ToUniversalTime(), JapanTime.At(change.Days[^1].AddDays(1), default).ToUniversalTime());
        var desks = change.Desks.Select(d => d.Id).ToList();
        var visits = await (
            from v in db.Set<Visit>().AsNoTracking()
            join c in db.Set<Case>() on v.CaseId equals c.Id
            where desks.Contains(c.DeskId) && v.StartsAt >= begins && v.StartsAt < ends && (v.State == VisitState.Held || v.State == VisitState.Confirmed)
            orderby v.StartsAt, v.Id
            select new { c.Number, c.DeskId, v.Mode, v.State, v.StartsAt }).ToListAsync(cancellationToken);
        var calls = await (
            from d in db.Set<Deadline>().AsNoTracking()
            join c in db.Set<Case>() on d.CaseId equals c.Id
            where desks.Contains(c.DeskId) && d.Kind == DeadlineKind.CallBack && d.State == DeadlineState.Open && d.DueAt >= begins && d.DueAt < ends
            orderby d.DueAt, d.Id
            select new { c.Number, c.DeskId, d.DueAt }).ToListAsync(cancellationToken);
        return [.. Items().Where(s => change.Days.Contains(JapanTime.DateOf(s.At)))];

        IEnumerable<StayingItem> Items() =>
        [
            .. visits.Select(v => new StayingItem(v.Number, v.DeskId, v.State == VisitState.Held ? $"仮押さえの相談（{CaseWords.Of(v.Mode)}）" : $"確定した相談（{CaseWords.Of(v.Mode)}）", v.StartsAt)),
            .. calls.Select(c => new StayingItem(c.Number, c.DeskId, "約束した折り返し", c.DueAt)),
        ];
    }

    // A limit that ends before the day cannot be moved by it.
    private async Task<List<Case>> CasesAsync(DayChange change, CancellationToken cancellationToken)
    {
        var begins = JapanTime.At(change.First, default).ToUniversalTime();
        var desks = change.Desks.Select(d => d.Id).ToList();
        var rows = db.Set<Case>().Include(c => c.Deadlines.Where(d => d.State == DeadlineState.Open && d.DueAt >= begins))
            .Where(c => desks.Contains(c.DeskId) && c.Deadlines.Any(d => d.State == DeadlineState.Open && d.DueAt >= begins)).OrderBy(c => c.Number);
        return await rows.AsNoTracking().ToListAsync(cancellationToken);
    }

    private async Task<List<(FollowUp FollowUp, DueDate Due)>> FollowUpsAsync(DayChange change, bool tracked, CancellationToken cancellationToken)
    {
        var desks = change.Desks.Select(d => d.Id).ToList();
        var rows = db.Set<FollowUp>()
            .Where(f => desks.Contains(f.DeskId) && f.DueOn >= change.First && (f.State == FollowUpState.Planned || f.State == FollowUpState.Suspended || f.State == FollowUpState.HandOver)).OrderBy(f => f.DueOn).ThenBy(f => f.Id);
        var moving = (await (tracked ? rows : rows.AsNoTracking()).ToListAsync(cancellationToken))
            .Select(f => (FollowUp: f, Due: f.By(change.Before.CalendarOf(f.DeskId), change.After.CalendarOf(f.DeskId), change.Days)))
            .Where(f => f.Due is not null).Select(f => (f.FollowUp, Due: f.Due!.Value)).ToList();
        return moving.Count == 0 ? [] : await SpreadAsync(moving, change, cancellationToken);
    }

    /// <summary>The daily limit of a desk holds for a moved day too.</summary>
    private async Task<List<(FollowUp, DueDate)>> SpreadAsync(List<(FollowUp FollowUp, DueDate Due)> moving, DayChange change, CancellationToken cancellationToken)
    {
        var limits = await db.Set<ProgrammeYear>().AsNoTracking().Where(p => p.Programme == ProgrammeYear.OneStop).ToDictionaryAsync(p => p.FiscalYear, p => p.FollowUpDailyLimit, cancellationToken);
        var ids = moving.Select(m => m.FollowUp.Id).ToList();
        var desks = moving.Select(m => m.FollowUp.DeskId).Distinct().ToList();
        var (first, last) = (moving.Min(m => m.Due.Due).AddDays(-30), moving.Max(m => m.Due.Due).AddDays(30));
        var taken = await db.Set<FollowUp>()
            .Where(f => desks.Contains(f.DeskId) && !ids.Contains(f.Id) && f.DueOn >= first && f.DueOn <= last
                && (f.State == FollowUpState.Planned || f.State == FollowUpState.Suspended || f.State == FollowUpState.Due))
            .GroupBy(f => new { f.DeskId, f.DueOn }).Select(g => new { g.Key.DeskId, g.Key.DueOn, Count = g.Count() }).ToDictionaryAsync(g => (g.DeskId, g.DueOn), g => g.Count, cancellationToken);
        var result = new List<(FollowUp, DueDate)>();
        foreach (var (followUp, due) in moving)
        {
            var limit = limits.GetValueOrDefault(FiscalYear.Of(followUp.BaseOn).Year, int.MaxValue);
            var spread = due.Due > followUp.LastOn ? due
                : Spread.Within(change.After.CalendarOf(followUp.DeskId), due, JapanTime.DateOf(execution.Now), followUp.LastOn, limit, day => taken.GetValueOrDefault((followUp.DeskId, day)));
            taken[(followUp.DeskId, spread.Due)] = taken.GetValueOrDefault((followUp.DeskId, spread.Due)) + 1;
            result.Add((followUp, spread));
        }

        return result;
    }

    private async Task<Dictionary<CaseId, string>> NumbersAsync(IEnumerable<CaseId> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().ToList();
        return await db.Set<Case>().Where(c => wanted.Contains(c.Id)).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number, cancellationToken);
    }

    private static MovedItem Item(Case found, MovedDeadline moved) =>
        new(found.Number, found.DeskId, CaseWords.Of(moved.Kind) + (moved.Track is { } track ? $"（{CaseWords.Of(track)}）" : ""), moved.WasWords, moved.DueWords, moved.Why);

    private static MovedItem Item(string number, FollowUp followUp, DueDate due) =>
        new(number, followUp.DeskId, FollowUpWords.Of(followUp.Kind), JapaneseDate.Short(followUp.DueOn), JapaneseDate.Short(due.Due), due.Why);
}
