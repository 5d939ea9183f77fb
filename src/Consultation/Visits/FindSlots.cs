using System.Numerics;
using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;

namespace Consultation.Visits;

/// <summary>
/// When two experts could soonest come together, for every pair of candidates of both ministries, and when each could alone: asked before anything is
/// offered, so that a case goes to two people who find a common time. Within four weeks, travel to this client and the client's wishes included;
/// what it answers could be booked at the moment of asking.
/// </summary>
/// <param name="First">Candidates of one ministry, 50 at most; likewise <paramref name="Second"/> of the other. Unknown ones come to nothing.</param>
/// <param name="Mode">The client's preferred mode, else a visit, where null.</param>
/// <param name="Minutes">60 where null.</param>
/// <param name="From">Now where null.</param>
[Requires(Permission.OfferCase)]
public sealed record FindSlots(
    CaseId Case, IReadOnlyList<ExpertId> First, IReadOnlyList<ExpertId> Second, VisitMode? Mode = null, int? Minutes = null, DateTimeOffset? From = null) : IQuery<FoundSlots>;

/// <param name="Alone">The soonest period of each expert; those without one are missing.</param>
/// <param name="Pairs">One for each pair that has a common period in the four weeks, the soonest first.</param>
public sealed record FoundSlots(IReadOnlyDictionary<ExpertId, FreeSlot> Alone, IReadOnlyList<CommonSlot> Pairs);

/// <param name="Wish">1 to 3 where the pair could come at a time the client wished for; then this is the soonest such time.</param>
public sealed record CommonSlot(ExpertId First, ExpertId Second, DateTimeOffset Start, DateTimeOffset End, int? Wish);

internal sealed class FindSlotsValidator : AbstractValidator<FindSlots>
{
    private const int Most = 50;

    public FindSlotsValidator()
    {
        RuleFor(r => r.First).Must(e => e is { Count: > 0 and <= Most }).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 1, Most });
        RuleFor(r => r.Second).Must(e => e is { Count: <= Most }).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 0, Most });
        RuleFor(r => r.Minutes).Must(m => m is null or (>= 15 and <= 480)).WithErrorCode("field.out_of_range").WithState(_ => new object?[] { 15, 480 });
        RuleFor(r => r.From).PossibleInstant();
    }
}

internal sealed class FindSlotsHandler(ConsultationDb db, Execution execution, DeskBook desks, ExpertBook book) : IRequestHandler<FindSlots, FoundSlots>
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(28);
    private static readonly HashSet<Ref> Nothing = [];

    public async Task<FoundSlots> Handle(FindSlots request, CancellationToken cancellationToken)
    {
        var from = request.From > execution.Now ? request.From.Value : execution.Now;
        var (to, asked) = (from + Window, request.First.Union(request.Second).ToHashSet());
        var trip = new RoundTrip(db);
        var seen = trip.Rows(
            $"select prefecture, preferred_mode, wishes from cases where id = {request.Case.Value} and {CaseAccess.Reach.Of(execution.Actor).Covers}",
            r => (Prefecture: r.MaybeText(), Mode: r.MaybeCode<VisitMode>(), Wishes: r.Value<string[]>().Select(VisitWish.Read).ToList()));
        var clientBusy = trip.Rows(
            $"select starts_at, ends_at from visits where case_id = {request.Case.Value} and state in ('held', 'confirmed')", r => (Starts: r.Time(), Ends: r.Time()));
        var sign = ExpertBook.Sign(trip);
        var read = BookableTime.ReadTaken(trip, await desks.NationalAsync(cancellationToken), execution.Now, asked, from, to);
        await trip.GoAsync(cancellationToken);
        var (prefecture, preferred, wishes) = seen.Count > 0 ? seen[0] : throw new NotFound();

        var people = (await book.ReadAsync(sign[0], cancellationToken)).Where(e => asked.Contains(e.Id)).ToList();
        var time = read(people, prefecture, Nothing);
        var length = TimeSpan.FromMinutes(request.Minutes ?? 60);
        var plans = time.Possible(from, to, length, request.Mode ?? preferred ?? VisitMode.Visit, execution.Now)
            .Where(p => !clientBusy.Any(v => v.Starts < p.End && p.Start < v.Ends)).ToList();
        var coming = people.ToDictionary(e => e.Id, e => time.ComingTo(e, plans, execution.Now));
        var wished = wishes.Select((_, at) => Bits(plans, p => ListSlotsHandler.Wished(wishes, p.Start, p.End) == at + 1)).ToList();
        var pairs = new List<CommonSlot>();
        foreach (var first in request.First.Distinct().Where(coming.ContainsKey))
        {
            foreach (var second in request.Second.Distinct().Where(coming.ContainsKey))
            {
                if (Common(coming[first], coming[second], wished) is var (at, wish) && at >= 0)
                {
                    pairs.Add(new(first, second, plans[at].Start, plans[at].End, wish));
                }
            }
        }

        return new(
            coming.Select(c => (c.Key, At: Lowest(c.Value, c.Value))).Where(c => c.At >= 0).ToDictionary(c => c.Key, c => new FreeSlot(plans[c.At].Start, plans[c.At].End)),
            [.. pairs.OrderBy(p => p.Wish ?? VisitWish.Most + 1).ThenBy(p => p.Start).ThenBy(p => p.First.Value).ThenBy(p => p.Second.Value)]);
    }

    /// <summary>The soonest common time within the first wish that has one, else the soonest at all; -1 where there is none.</summary>
    private static (int At, int? Wish) Common(ulong[] first, ulong[] second, IReadOnlyList<ulong[]> wished)
    {
        for (var rank = 0; rank < wished.Count; rank++)
        {
            if (Lowest(first, second, wished[rank]) is var at and >= 0)
            {
                return (at, rank + 1);
            }
        }

        return (Lowest(first, second), null);
    }

    private static int Lowest(ulong[] first, ulong[] second, ulong[]? third = null)
    {
        for (var i = 0; i < first.Length; i++)
        {
            if ((first[i] & second[i] & (third?[i] ?? ulong.MaxValue)) is var both and not 0)
            {
                return (i * 64) + BitOperations.TrailingZeroCount(both);
            }
        }

        return -1;
    }

    private static ulong[] Bits(IReadOnlyList<VisitPlan> plans, Func<VisitPlan, bool> holds)
    {
        var bits = new ulong[(plans.Count + 63) / 64];
        for (var at = 0; at < plans.Count; at++)
        {
            if (holds(plans[at]))
            {
                bits[at / 64] |= 1UL << (at % 64);
            }
        }

        return bits;
    }
}
