using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// The periods in which all holders of the tracks could come, travel included (journeys J19, J24): every one of them can be booked at the
/// moment of asking.
/// </summary>
/// <param name="From">Now where null.</param>
/// <param name="To">Exclusive; two weeks after <paramref name="From"/> where null.</param>
/// <param name="Mode">The client's preferred mode, else a visit, where null.</param>
/// <param name="Minutes">60 where null.</param>
/// <param name="Tracks">All held tracks where null.</param>
[Requires(Permission.BookVisit)]
public sealed record ListSlots(
    CaseId Case, DateTimeOffset? From = null, DateTimeOffset? To = null, VisitMode? Mode = null, int? Minutes = null, IReadOnlyList<Track>? Tracks = null) : IQuery<IReadOnlyList<BookableSlot>>;

/// <param name="Wish">1 to 3 where it lies in the client's 第1希望 to 第3希望; the first that fits.</param>
public sealed record BookableSlot(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<ComingExpert> Experts, int? Wish = null);

internal sealed class ListSlotsValidator : AbstractValidator<ListSlots>
{
    public ListSlotsValidator()
    {
        RuleFor(r => r.From).PossibleInstant();
        RuleFor(r => r.To).PossibleInstant();
        RuleFor(r => r.To).Must((r, to) => to is null || r.From is null || r.From < to).WithErrorCode("visit.reversed");
        RuleFor(r => r.Minutes).Must(m => m is null or (>= 15 and <= 480)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 15, 480 });
        RuleFor(r => r.Tracks).Must(t => t is null or { Count: > 0 }).WithErrorCode("field.required");
    }
}

internal sealed class ListSlotsHandler(ConsultationDb db, Execution execution, DeskBook desks) : IRequestHandler<ListSlots, IReadOnlyList<BookableSlot>>
{
    private const int Most = 500;
    private const int UsualMinutes = 60;
    private static readonly TimeSpan UsualWindow = TimeSpan.FromDays(14);
    private static readonly TimeSpan Widest = TimeSpan.FromDays(62);
    private static readonly HashSet<Ref> Nothing = [];

    public async Task<IReadOnlyList<BookableSlot>> Handle(ListSlots request, CancellationToken cancellationToken)
    {
        var from = request.From > execution.Now ? request.From.Value : execution.Now;
        var to = request.To ?? from + UsualWindow;
        to = to - from > Widest ? from + Widest : to;
        if (to <= from)
        {
            return [];
        }

        var seen = await db.Set<Case>().AsNoTracking().Where(CaseAccess.Visible(execution.Actor)).Where(c => c.Id == request.Case)
            .Select(c => new { c.Prefecture, c.PreferredMode, c.Wishes, Tracks = c.Tracks.Select(t => new HeldTrack(t.Track, t.State, t.ExpertId)).ToList() })
            .FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var holders = HeldTrack.Choose(seen.Tracks, request.Tracks);
        var mode = request.Mode ?? seen.PreferredMode ?? VisitMode.Visit;
        var length = TimeSpan.FromMinutes(request.Minutes ?? UsualMinutes);
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, [.. holders.Values.Distinct()], seen.Prefecture, from, to, Nothing, cancellationToken);
        var experts = holders.OrderBy(h => h.Key).Select(h => new ComingExpert(h.Key, h.Value)).ToList();
        // The client cannot be at two visits at once either.
        var (first, last) = (from.ToUniversalTime(), to.ToUniversalTime());
        var clientBusy = await db.Set<Visit>().AsNoTracking()
            .Where(v => v.CaseId == request.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt < last && first < v.EndsAt)
            .Select(v => new { v.StartsAt, v.EndsAt }).ToListAsync(cancellationToken);
        return time.Free(from, to, length, mode, execution.Now)
            .Where(s => !clientBusy.Any(v => v.StartsAt < s.End && s.Start < v.EndsAt)).Take(Most).Select(s => new BookableSlot(s.Start, s.End, experts, Wished(seen.Wishes, s.Start, s.End))).ToList();
    }

    /// <summary>Which wish, from 1, the period lies in; the first that fits.</summary>
    internal static int? Wished(IReadOnlyList<VisitWish> wishes, DateTimeOffset start, DateTimeOffset end)
    {
        for (var at = 0; at < wishes.Count; at++)
        {
            if (wishes[at].Holds(JapanTime.DateOf(start), JapanTime.TimeOf(start), JapanTime.TimeOf(end)))
            {
                return at + 1;
            }
        }

        return null;
    }
}
