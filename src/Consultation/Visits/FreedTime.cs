using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <param name="Experts">Who would come.</param>
/// <param name="Slots">The first free periods of everybody that the wish takes.</param>
internal sealed record FittingSlots(IReadOnlyList<ExpertId> Experts, IReadOnlyList<Track> Tracks, VisitStage Stage, IReadOnlyList<FreeSlot> Slots);

/// <summary>Which free times fit a wish. What is free is told by the experts' diaries now, so that nothing depends on what was free when it was given up.</summary>
public sealed class FreedTime(ConsultationDb db, Execution execution, DeskBook desks, ProgrammeBook programmes)
{
    /// <summary>Time to reach the client before the hold ends, in business hours of the desk.</summary>
    private static readonly TimeSpan ToCall = TimeSpan.FromHours(1);

    /// <summary>Between the end of the hold and the visit, so that its expert learns of it.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromHours(2);

    /// <summary>A hold for a waiting client lasts to the closing of the next business day, and ends two hours before the visit.</summary>
    private const int HoldDays = 1;

    internal static DateTimeOffset HoldUntil(DateTimeOffset start, Occasion occasion)
    {
        var closing = occasion.ByDays(HoldDays).Due;
        return closing < start - Notice ? closing : start - Notice;
    }

    /// <summary>Something of these experts may be free again.</summary>
    internal static Task MarkAsync(ConsultationDb db, IReadOnlyCollection<ExpertId> experts, DateTimeOffset now, CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"insert into freed_times (expert_id, freed_at) select e, {now.ToUniversalTime()} from unnest({experts.Select(e => e.Value).ToArray()}) e", cancellationToken);

    /// <summary>The first times that would do, with room in the quota where the visit counts.</summary>
    /// <returns>Null where nobody could come at all now: no track is held, or the case is closed or on hold.</returns>
    internal async Task<FittingSlots?> FittingAsync(SlotWish wish, int most, CancellationToken cancellationToken)
    {
        var seen = await db.Set<Case>().AsNoTracking().Where(c => c.Id == wish.CaseId)
            .Select(c => new { c.Status, c.OnHold, c.Prefecture, c.DeskId, c.OrganisationId, Tracks = c.Tracks.Select(t => new HeldTrack(t.Track, t.State, t.ExpertId)).ToList() })
            .SingleAsync(cancellationToken);
        var visits = await db.Set<Visit>().AsNoTracking().Include(v => v.Experts).Where(v => v.CaseId == wish.CaseId).ToListAsync(cancellationToken);
        var replaced = wish.Replaces is { } id ? visits.SingleOrDefault(v => v.Id == id && v.IsOpen) : null;
        var tracks = replaced?.Tracks.ToList() ?? HeldTrack.Held(seen.Tracks);
        var experts = seen.Tracks.Where(t => tracks.Contains(t.Track)).Select(t => t.Expert).OfType<ExpertId>().Distinct().ToList();
        if (experts.Count == 0 || seen.OnHold || !CaseActions.IsLegal(seen.Status, CaseAction.Book) || (wish.Replaces is not null && replaced is null))
        {
            return null;
        }

        var fitting = new FittingSlots(experts, tracks, replaced?.Stage ?? StageAfter(visits), []);
        var calendar = (await desks.ReadAsync(cancellationToken)).CalendarOf(seen.DeskId);
        var occasion = new Occasion(execution.Actor, execution.Now, calendar, await programmes.FindAsync(FiscalYear.Of(execution.Now), cancellationToken) ?? new(ProgrammeYear.OneStop, FiscalYear.Of(execution.Now)));
        var from = Later(JapanTime.At(wish.FromOn, TimeOnly.MinValue), execution.Now + Notice + ToCall);
        var to = JapanTime.At(wish.ToOn.AddDays(1), TimeOnly.MinValue);
        to = replaced is not null && replaced.StartsAt < to ? JapanTime.ToJapan(replaced.StartsAt) : to;
        if (from >= to)
        {
            return fitting;
        }

        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, experts, seen.Prefecture, from, to, new HashSet<Ref>(), cancellationToken);
        var stormy = wish.Mode == VisitMode.Visit && seen.Prefecture is { } prefecture ? await StormyAsync(prefecture, from, to, cancellationToken) : [];
        var spared = await SparedAsync(experts, from, to, cancellationToken);
        var slots = new List<FreeSlot>();
        var room = new Dictionary<int, bool>();
        foreach (var slot in time.Free(from, to, TimeSpan.FromMinutes(wish.Minutes), wish.Mode, execution.Now).Where(wish.Fits))
        {
            // Nobody is sent where a disaster has just put visits off, and no client is offered the very time that was just given up for it, nor
            // the way to what was made a web meeting and may become a visit again.
            if (stormy.Contains(JapanTime.DateOf(slot.Start))
                || visits.Any(v => v is { State: VisitState.Cancelled, CancelledBy: CancelledBy.Disaster } && v.StartsAt < slot.End && slot.Start < v.EndsAt)
                || time.Experts.Any(e => time.Attend(e, new(slot.Start, slot.End, wish.Mode, null)) is { } way && spared.Any(s => s.Expert == e.Id && s.From < way.Back && way.Leave < s.To)))
            {
                continue;
            }

            var until = HoldUntil(slot.Start, occasion);
            if (visits.Any(v => v.IsOpen && v.StartsAt < slot.End && slot.Start < v.EndsAt) || until <= execution.Now || calendar.WorkBetween(execution.Now, until) < ToCall)
            {
                continue;
            }

            var year = FiscalYear.Of(slot.Start).Year;
            if (!room.TryGetValue(year, out var hasRoom))
            {
                room[year] = hasRoom = replaced is not null || await HasRoomAsync(seen.OrganisationId, year, tracks.Count, cancellationToken);
            }

            if (hasRoom)
            {
                slots.Add(slot);
            }

            if (slots.Count == most)
            {
                break;
            }
        }

        return fitting with { Slots = slots };
    }

    private async Task<IReadOnlyList<(ExpertId Expert, DateTimeOffset From, DateTimeOffset To)>> SparedAsync(IReadOnlyCollection<ExpertId> experts, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip(db);
        var spared = ExpertDiary.Spared(trip, experts, from, to);
        await trip.GoAsync(cancellationToken);
        return spared;
    }

    /// <summary>The days in Japan on which a disaster put off on-site visits of the prefecture.</summary>
    private async Task<HashSet<DateOnly>> StormyAsync(string prefecture, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, last) = (JapanTime.At(JapanTime.DateOf(from), TimeOnly.MinValue).ToUniversalTime(), JapanTime.At(JapanTime.DateOf(to).AddDays(1), TimeOnly.MinValue).ToUniversalTime());
        var starts = await db.Set<Visit>().AsNoTracking()
            .Where(v => v.State == VisitState.Cancelled && v.CancelledBy == CancelledBy.Disaster && v.Mode == VisitMode.Visit && v.StartsAt >= first && v.StartsAt < last
                && db.Set<Case>().Any(c => c.Id == v.CaseId && c.Prefecture == prefecture))
            .Select(v => v.StartsAt).ToListAsync(cancellationToken);
        return [.. starts.Select(s => JapanTime.DateOf(s))];
    }

    private async Task<bool> HasRoomAsync(OrganisationId? owner, int year, int tracks, CancellationToken cancellationToken)
    {
        if (await programmes.FindAsync(new FiscalYear(year), cancellationToken) is not { } programme)
        {
            return false;
        }

        var account = owner is { } organisation ? await QuotaAccount.FindAsync(db, organisation, programme, cancellationToken) : null;
        return (account?.Left ?? programme.QuotaLimit) >= (tracks > 1 && programme.JointCountsTwice ? 2 : 1);
    }

    private static VisitStage StageAfter(IEnumerable<Visit> visits) =>
        visits.Where(v => v.IsOpen || v.State == VisitState.TookPlace).Select(v => (VisitStage?)v.Stage).Max() switch
        {
            null => VisitStage.Assess,
            VisitStage.Assess => VisitStage.Prepare,
            _ => VisitStage.FollowUp,
        };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
