using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// One week as the person who books sees it: per day what each expert has on (times only, never whose), the free periods of
/// <see cref="ListSlots"/>, and in words why every other beginning is refused. A day without room says why.
/// </summary>
/// <param name="Week">Any day of the week; it is shown from Monday to Friday.</param>
/// <param name="Moving">The visit that is being moved and therefore does not stand in its own way.</param>
[Requires(Permission.BookVisit)]
public sealed record LookAtWeek(CaseId Case, DateOnly Week, VisitMode Mode, int Minutes, IReadOnlyList<Track>? Tracks = null, VisitId? Moving = null) : IQuery<BookableWeek>;

internal sealed class LookAtWeekValidator : AbstractValidator<LookAtWeek>
{
    public LookAtWeekValidator()
    {
        RuleFor(r => r.Minutes).InclusiveBetween(15, 480).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 15, 480 });
        RuleFor(r => r.Week).Must(w => w.Year is >= 2019 and <= 2045).WithErrorCode("field.impossible_date");
    }
}

/// <summary>Who would come, and how long each is on the way to the client, one way.</summary>
public sealed record TravellingExpert(ExpertId Id, string Name, IReadOnlyList<Track> Tracks, TimeSpan Travel);

/// <summary>When one expert would leave and be back for a free period; null where nobody travels.</summary>
/// <param name="Straight">From the visit before and not from home.</param>
/// <param name="GoesOn">To the next visit and not home; <paramref name="Back"/> is then when this one is packed up.</param>
public sealed record Trip(string Name, DateTimeOffset Leave, DateTimeOffset Back, bool Straight = false, bool GoesOn = false);

/// <summary>A free period with what it asks of those who travel.</summary>
/// <param name="Wish">1 to 3 where it lies in the client's 第1希望 to 第3希望.</param>
public sealed record OfferedSlot(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<Trip> Trips, int? Wish);

/// <summary>A wish of the client and what of it is free; where nothing is, the reason.</summary>
public sealed record WishedSlots(int Rank, VisitWish Wish, IReadOnlyList<OfferedSlot> Free, string? WhyNot);

/// <summary>A stretch of an expert's day; <c>From</c> to <c>To</c> includes the travel around <c>Starts</c> to <c>Ends</c>.</summary>
public sealed record TakenTime(ExpertId Expert, DateTimeOffset From, DateTimeOffset Starts, DateTimeOffset Ends, DateTimeOffset To);

/// <summary>Beginnings between two times that are refused for one reason.</summary>
public sealed record RefusedStarts(TimeOnly First, TimeOnly Last, string Why);

/// <param name="Closed">Why nothing at all is possible that day.</param>
public sealed record BookableDay(
    DateOnly Date, string? Closed, TimeOnly Opens, TimeOnly Closes, IReadOnlyList<TakenTime> Taken, IReadOnlyList<OfferedSlot> Free, IReadOnlyList<RefusedStarts> Refused);

/// <summary>Who is on the road for the visit that is being moved, and when that one is home should it fall through now.</summary>
public sealed record SetOut(string Name, DateTimeOffset Since, DateTimeOffset Back, bool HasTurnedBack);

public sealed record BookableWeek(DateOnly Monday, IReadOnlyList<TravellingExpert> Experts, IReadOnlyList<BookableDay> Days, IReadOnlyList<WishedSlots> Wished, IReadOnlyList<SetOut> SetOut);

internal sealed class LookAtWeekHandler(ConsultationDb db, Execution execution, DeskBook desks, ExpertDiary diary) : IRequestHandler<LookAtWeek, BookableWeek>
{
    private const int Days = 5;
    private const int MostWished = 6;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    public async Task<BookableWeek> Handle(LookAtWeek request, CancellationToken cancellationToken)
    {
        var monday = request.Week.AddDays(-(((int)request.Week.DayOfWeek + 6) % 7));
        var (from, to) = (JapanTime.At(monday, TimeOnly.MinValue), JapanTime.At(monday.AddDays(Days), TimeOnly.MinValue));
        var seen = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Id == request.Case)
            .Select(c => new { c.Prefecture, c.Wishes, Tracks = c.Tracks.Select(t => new HeldTrack(t.Track, t.State, t.ExpertId)).ToList() })
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var holders = HeldTrack.Choose(seen.Tracks, request.Tracks);
        var people = holders.Values.Distinct().ToList();
        var moving = request.Moving is { } visit ? new HashSet<Ref> { Ref.To(visit) } : [];
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, people, seen.Prefecture, from, to, moving, cancellationToken);
        time.Road = request.Moving is { } moved ? await diary.OnTheRoadAsync(Ref.To(moved), cancellationToken) : [];
        var taken = people.SelectMany(time.TakenBy).ToList();
        // The client cannot be at two visits at once either.
        var own = (await db.Set<Visit>().AsNoTracking().Where(v => v.CaseId == request.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed)).ToListAsync(cancellationToken))
            .Where(v => v.Id != request.Moving).Select(v => v.Plan).ToList();
        var programme = await ProgrammeYear.FindAsync(db, FiscalYear.Of(from), cancellationToken) ?? await ProgrammeYear.FindAsync(db, FiscalYear.Of(to), cancellationToken);
        var (opens, closes) = programme is null ? (new TimeOnly(9, 0), new TimeOnly(17, 0)) : (programme.VisitOpens, programme.VisitCloses);
        execution.Audit("case.slots_viewed", request.Case);
        return new(
            monday,
            [.. time.Experts.Select(e => new TravellingExpert(e.Id, e.Name, [.. holders.Where(h => h.Value == e.Id).Select(h => h.Key).Order()], time.WayOf(e, request.Mode, monday)))],
            [.. Enumerable.Range(0, Days).Select(monday.AddDays).Select(day => DayOf(day, opens, closes, request, time, taken, seen.Wishes, own))],
            await WishedAsync(request, seen.Wishes, people, seen.Prefecture, moving, time.Road, own, cancellationToken),
            [.. time.Experts.Join(time.Road, e => e.Id, r => r.Row.ExpertId, (e, r) => new SetOut(e.Name, r.Since, r.Back, r.HasTurnedBack))]);
    }

    private BookableDay DayOf(DateOnly day, TimeOnly opens, TimeOnly closes, LookAtWeek request, BookableTime time, IReadOnlyList<TakenTime> taken, IReadOnlyList<VisitWish> wishes,
        IReadOnlyList<VisitPlan> own)
    {
        var length = TimeSpan.FromMinutes(request.Minutes);
        var free = time.Free(JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue), length, request.Mode, execution.Now).Where(slot => !Meets(own, slot.Start, slot.End)).Select(slot => Offered(slot, request.Mode, time, wishes)).ToList();
        var here = taken.Where(t => JapanTime.DateOf(t.From) <= day && JapanTime.DateOf(t.To) >= day).ToList();
        var refused = new List<RefusedStarts>();
        for (var start = JapanTime.At(day, opens); start + length <= JapanTime.At(day, closes); start += Step)
        {
            if (WhyNot(new(start, start + length, request.Mode, null), time, own) is { } why)
            {
                var at = JapanTime.TimeOf(start);
                if (refused.Count > 0 && refused[^1] is { } last && last.Why == why && last.Last.Add(Step) == at)
                {
                    refused[^1] = last with { Last = at };
                }
                else
                {
                    refused.Add(new(at, at, why));
                }
            }
        }

        // One reason for the whole day is said once, as the day's own.
        var closed = free.Count == 0 && refused is [var only] ? only.Why : null;
        return new(day, closed, opens, closes, here, free, closed is null ? refused : []);
    }

    private async Task<IReadOnlyList<WishedSlots>> WishedAsync(
        LookAtWeek request, IReadOnlyList<VisitWish> wishes, IReadOnlyList<ExpertId> people, string? prefecture, HashSet<Ref> moving, IReadOnlyList<OnTheRoad> road,
        IReadOnlyList<VisitPlan> own, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromMinutes(request.Minutes);
        var wished = new List<WishedSlots>();
        foreach (var (wish, at) in wishes.Select((wish, at) => (wish, at)))
        {
            var (from, to) = (JapanTime.At(wish.Date, wish.From ?? TimeOnly.MinValue), wish.Until is { } until ? JapanTime.At(wish.Date, until) : JapanTime.At(wish.Date.AddDays(1), TimeOnly.MinValue));
            var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, people, prefecture, from, to, moving, cancellationToken);
            time.Road = road;
            var free = time.Free(from, to, length, request.Mode, execution.Now).Where(slot => !Meets(own, slot.Start, slot.End)).Take(MostWished).Select(slot => Offered(slot, request.Mode, time, wishes)).ToList();
            var asked = new VisitPlan(from, from + length, request.Mode, null);
            wished.Add(new(at + 1, wish, free, free.Count > 0 ? null : to <= execution.Now ? "過ぎた日時です。" : time.Refusal(asked) is { } refusal && wish.From is not null ? refusal.Text : "全員が空いている時間はありません。"));
        }

        return wished;
    }

    private static OfferedSlot Offered(FreeSlot slot, VisitMode mode, BookableTime time, IReadOnlyList<VisitWish> wishes) => new(
        slot.Start, slot.End, mode != VisitMode.Visit ? [] : [.. time.Experts.Select(e => (e.Name, Way: time.Attend(e, new(slot.Start, slot.End, mode, null))!)).Select(e => new Trip(e.Name, e.Way.Leave, e.Way.Back, e.Way.Before is not null, e.Way.After is not null))],
        ListSlotsHandler.Wished(wishes, slot.Start, slot.End));

    private static bool Meets(IReadOnlyList<VisitPlan> own, DateTimeOffset start, DateTimeOffset end) => own.Any(v => v.Start < end && start < v.End);

    private string? WhyNot(VisitPlan plan, BookableTime time, IReadOnlyList<VisitPlan> own)
    {
        if (time.Refusal(plan) is { } refusal)
        {
            return refusal.Text;
        }

        if (plan.Start <= execution.Now)
        {
            return "過ぎた時間です。";
        }

        if (plan.Start > PlanRules.Furthest(execution.Now))
        {
            return "1年より先の日時は予約できません。";
        }

        if (Meets(own, plan.Start, plan.End))
        {
            return "同じ案件の別の予約と重なります。";
        }

        if (time.RefusalOnTheWay(plan) is { } onTheWay)
        {
            return onTheWay.Text;
        }

        if (time.TooSoon(plan, execution.Now) is { } tooSoon)
        {
            return tooSoon.Text;
        }

        var busy = time.Experts.Where(expert => time.Attend(expert, plan) is null).Select(expert => $"{expert.Name}さん").ToList();
        return busy.Count == 0 ? null : $"{string.Join("、", busy)}の他の予約と移動が重なります。";
    }
}
