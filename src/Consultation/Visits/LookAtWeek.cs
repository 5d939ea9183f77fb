using Consultation.Calendar;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Reference;
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

/// <summary>A stretch of an expert's day; <c>From</c> to <c>To</c> includes the travel around <c>Starts</c> to <c>Ends</c>.</summary>
public sealed record TakenTime(ExpertId Expert, DateTimeOffset From, DateTimeOffset Starts, DateTimeOffset Ends, DateTimeOffset To);

/// <summary>Beginnings between two times that are refused for one reason.</summary>
public sealed record RefusedStarts(TimeOnly First, TimeOnly Last, string Why);

/// <param name="Closed">Why nothing at all is possible that day.</param>
public sealed record BookableDay(
    DateOnly Date, string? Closed, TimeOnly Opens, TimeOnly Closes, IReadOnlyList<TakenTime> Taken, IReadOnlyList<FreeSlot> Free, IReadOnlyList<RefusedStarts> Refused);

public sealed record BookableWeek(DateOnly Monday, IReadOnlyList<TravellingExpert> Experts, IReadOnlyList<BookableDay> Days);

internal sealed class LookAtWeekHandler(ConsultationDb db, Execution execution) : IRequestHandler<LookAtWeek, BookableWeek>
{
    private const int Days = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    public async Task<BookableWeek> Handle(LookAtWeek request, CancellationToken cancellationToken)
    {
        var monday = request.Week.AddDays(-(((int)request.Week.DayOfWeek + 6) % 7));
        var (from, to) = (JapanTime.At(monday, TimeOnly.MinValue), JapanTime.At(monday.AddDays(Days), TimeOnly.MinValue));
        var seen = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Id == request.Case)
            .Select(c => new { c.Prefecture, Tracks = c.Tracks.Select(t => new HeldTrack(t.Track, t.State, t.ExpertId)).ToList() })
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var holders = HeldTrack.Choose(seen.Tracks, request.Tracks);
        var people = holders.Values.Distinct().ToList();
        var moving = request.Moving is { } visit ? new HashSet<Ref> { Ref.To(visit) } : [];
        var time = await BookableTime.ReadAsync(db, people, seen.Prefecture, from, to, moving, cancellationToken);
        var taken = await TakenAsync(people, from, to, moving, cancellationToken);
        var programme = await ProgrammeYear.FindAsync(db, FiscalYear.Of(from), cancellationToken) ?? await ProgrammeYear.FindAsync(db, FiscalYear.Of(to), cancellationToken);
        var (opens, closes) = programme is null ? (new TimeOnly(9, 0), new TimeOnly(17, 0)) : (programme.VisitOpens, programme.VisitCloses);
        execution.Audit("case.slots_viewed", request.Case);
        return new(
            monday,
            [.. time.Experts.Select(e => new TravellingExpert(e.Id, e.Name, [.. holders.Where(h => h.Value == e.Id).Select(h => h.Key).Order()], time.TravelOf(e, request.Mode)))],
            [.. Enumerable.Range(0, Days).Select(monday.AddDays).Select(day => DayOf(day, opens, closes, request, time, taken))]);
    }

    private BookableDay DayOf(DateOnly day, TimeOnly opens, TimeOnly closes, LookAtWeek request, BookableTime time, IReadOnlyList<TakenTime> taken)
    {
        var length = TimeSpan.FromMinutes(request.Minutes);
        var free = time.Free(JapanTime.At(day, TimeOnly.MinValue), JapanTime.At(day.AddDays(1), TimeOnly.MinValue), length, request.Mode, execution.Now).ToList();
        var here = taken.Where(t => JapanTime.DateOf(t.From) <= day && JapanTime.DateOf(t.To) >= day).ToList();
        var refused = new List<RefusedStarts>();
        for (var start = JapanTime.At(day, opens); start + length <= JapanTime.At(day, closes); start += Step)
        {
            if (WhyNot(new(start, start + length, request.Mode, null), time, here) is { } why)
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

    private string? WhyNot(VisitPlan plan, BookableTime time, IReadOnlyList<TakenTime> taken)
    {
        if (time.Refusal(plan) is { } refusal)
        {
            return refusal.Text;
        }

        if (plan.Start <= execution.Now)
        {
            return "過ぎた時間です。";
        }

        var busy = time.Experts.Where(expert =>
        {
            var travel = time.TravelOf(expert, plan.Mode);
            return taken.Any(t => t.Expert == expert.Id && t.From < plan.End + travel && plan.Start - travel < t.To);
        }).Select(expert => $"{expert.Name}さん").ToList();
        return busy.Count == 0 ? null : $"{string.Join("、", busy)}の他の予約と移動が重なります。";
    }

    private async Task<IReadOnlyList<TakenTime>> TakenAsync(IReadOnlyCollection<ExpertId> people, DateTimeOffset from, DateTimeOffset to, HashSet<Ref> except, CancellationToken cancellationToken)
    {
        var (first, last) = (from.ToUniversalTime().AddDays(-1), to.ToUniversalTime().AddDays(1));
        var entries = await db.Set<DiaryEntry>().AsNoTracking()
            .Where(e => people.Contains(e.ExpertId) && e.EndsAt > first && e.StartsAt < last
                && (e.State == DiaryState.Held || e.State == DiaryState.Confirmed || e.State == DiaryState.Completed))
            .OrderBy(e => e.StartsAt).ToListAsync(cancellationToken);
        return [.. entries.Where(e => !except.Contains(e.Visit)).Select(e => new TakenTime(
            e.ExpertId, new(e.Busy.LowerBound, TimeSpan.Zero), e.StartsAt, e.EndsAt, new(e.Busy.UpperBound, TimeSpan.Zero)))];
    }
}
