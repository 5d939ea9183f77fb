using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Staff;
using Consultation.Topics;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Books a visit for the holders of the tracks, confirmed unless <paramref name="Hold"/>. Everybody or nobody: one expert who cannot come
/// refuses a joint visit. A taken slot names the next free ones (journeys J17, J18), an exhausted quota its ledger (J20).
/// </summary>
/// <param name="Tracks">All held tracks where null.</param>
/// <param name="ConsumesQuota">False where the desk books what is not counted, such as a short call (電話での短い確認).</param>
/// <param name="BeyondQuota">A supervisor grants what the quota lacks (domain.md §6.6); of no effect where enough is left.</param>
/// <param name="QuotaReason">Why; needed for either.</param>
/// <exception cref="Forbidden"><c>quota.exempt_forbidden</c>, <c>quota.beyond_forbidden</c></exception>
[Requires(Permission.BookVisit)]
public sealed record BookVisit(
    CaseId Case, DateTimeOffset? Start, DateTimeOffset? End, VisitMode? Mode, VisitStage? Stage, string? Place = null, IReadOnlyList<Track>? Tracks = null, bool Hold = false,
    bool ConsumesQuota = true, bool BeyondQuota = false, string? QuotaReason = null) : ICommand<ChangedVisit>, ICompetes
{
    string? ICompetes.LostCode => "visit.taken";
}

internal sealed class BookVisitValidator : AbstractValidator<BookVisit>
{
    public BookVisitValidator()
    {
        this.Period(r => r.Start, r => r.End);
        RuleFor(r => r.Mode).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Stage).NotNull().WithErrorCode("field.required");
        RuleFor(r => r.Place).Storable();
        RuleFor(r => r.QuotaReason).Storable();
        RuleFor(r => r.QuotaReason).RequiredText(InputRules.FieldLength).When(r => r.BeyondQuota || !r.ConsumesQuota);
        RuleFor(r => r.Tracks).Must(t => t is null or { Count: > 0 }).WithErrorCode("field.required");
    }
}

internal sealed class BookVisitHandler(Execution execution, VisitBooking booking, VisitQuota quota) : IRequestHandler<BookVisit, ChangedVisit>
{
    /// <summary>A hold lasts to the closing of the second business day, and never beyond the visit itself.</summary>
    private const int HoldDays = 2;

    public async Task<ChangedVisit> Handle(BookVisit request, CancellationToken cancellationToken)
    {
        if (!request.ConsumesQuota && !execution.Actor.Can(Permission.ExemptFromQuota))
        {
            throw new Forbidden("quota.exempt_forbidden");
        }

        if (request.BeyondQuota && !execution.Actor.Can(Permission.ExceedQuota))
        {
            throw new Forbidden("quota.beyond_forbidden");
        }

        var plan = PlanRules.Checked(request.Start!.Value, request.End!.Value, request.Mode!.Value, request.Place, execution.Now);
        var (visit, found, _) = await booking.BookAsync(
            new(request.Case, plan, request.Stage!.Value, request.Tracks, request.Hold ? occasion => HoldUntil(plan, occasion) : null, request.ConsumesQuota, request.BeyondQuota, request.QuotaReason),
            cancellationToken);
        return ChangedVisit.Of(visit, found, execution.Actor, quota.LeftFor(visit));
    }

    private static DateTimeOffset HoldUntil(VisitPlan plan, Occasion occasion)
    {
        var closing = occasion.ByDays(HoldDays).Due;
        return closing < plan.Start ? closing : plan.Start;
    }
}

/// <summary>What is booked, for whoever books: a person, or the job that holds a freed time for a client who waits.</summary>
/// <param name="HoldUntil">Makes it a hold (仮押さえ); confirmed at once where null.</param>
/// <param name="ForWish">The hold that is offered to a wish of the case; every other booking meets the wish.</param>
internal sealed record VisitOrder(
    CaseId Case, VisitPlan Plan, VisitStage Stage, IReadOnlyList<Track>? Tracks, Func<Occasion, DateTimeOffset>? HoldUntil, bool ConsumesQuota = true, bool BeyondQuota = false,
    string? QuotaReason = null, bool ForWish = false);

/// <summary>Everything that a booking is.</summary>
public sealed class VisitBooking(
    ConsultationDb db, Execution execution, DeskBook desks, CaseAccess cases, ExpertDiary diary, ExpiredHolds holds, VisitQuota quota, VisitLetters letters, ProgrammeBook programmes, SlotWishes wishes,
    VisitCancellation cancellation)
{
    /// <exception cref="RuleViolation">A reason against the period, <c>visit.taken</c>, <c>visit.client_busy</c>, <c>quota.exhausted</c>, <c>case.not_allowed</c>, <c>track.not_held</c>.</exception>
    internal async Task<VisitInHand> BookAsync(VisitOrder order, CancellationToken cancellationToken)
    {
        var plan = order.Plan;
        var (holders, organisation, prefecture, offered) = await LookAsync(order, cancellationToken);
        var experts = holders.Values.Distinct().ToList();

        var diaries = new RoundTrip(db);
        ExpertDiary.Lock(diaries, offered is null ? experts : experts.Concat(offered.Experts));
        var expired = holds.Find(diaries, experts);
        await diaries.GoAsync(cancellationToken);

        // Locked in the order of all bookings, and behind the last lock everything that booking asks.
        var account = new QuotaKey(organisation, plan.Year.Year);
        var rest = new RoundTrip(db);
        await quota.LockAsync(rest, expired.Select(h => h.Account).Append(offered?.Account).OfType<QuotaKey>().Append(account), cancellationToken);
        ExpiredHolds.LockCases(rest, expired.Select(h => h.Case).Append(order.Case));
        var locked = cases.ForChange(rest, order.Case);
        var waits = rest.Rows($"select 1 from slot_wishes where case_id = {order.Case.Value} and state in ('waiting', 'offered')", r => r.Value<int>());
        var visits = rest.Entities<Visit>($"where case_id = {order.Case.Value}");
        var read = BookableTime.Read(rest, await desks.NationalAsync(cancellationToken), execution.Now, experts, prefecture, plan.Start, plan.End);
        await rest.GoAsync(cancellationToken);

        var found = locked();
        found.Demand(CaseAction.Book);
        if (holders.Any(h => found.TrackOf(h.Key)?.ExpertId != h.Value) || found.Prefecture != prefecture || (found.OrganisationId is { } owner && owner != organisation))
        {
            // Somebody reassigned the case between the look and the lock, or said whose it is and where.
            throw new Conflict("busy");
        }

        // What just ended blocks in the database until the save, but not in fact.
        var ended = await holds.ReleaseAsync(expired, cancellationToken);
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var time = read(ended);
        await time.DemandFreeAsync(db, plan, execution.Now, ended, cancellationToken);

        var charge = await ChargeAsync(order, account, holders.Count > 1, plan, cancellationToken);
        if (visits.Any(v => v.IsOpen && v.StartsAt < plan.End && plan.Start < v.EndsAt))
        {
            throw new RuleViolation("visit.client_busy");
        }

        var visit = new Visit(found.Id, organisation, 1, plan, order.Stage, holders, order.HoldUntil?.Invoke(occasion), charge, occasion);
        db.Add(visit);
        VisitNumbers.Agree(db, found.Id);
        quota.Hold(visit, occasion);
        foreach (var expert in time.Experts)
        {
            await time.TakeAsync(diary, expert, Ref.To(visit.Id), plan, order.HoldUntil is not null ? DiaryState.Held : DiaryState.Confirmed, cancellationToken);
        }

        var names = string.Join("、", time.Experts.Select(e => e.Name));
        found.VisitBooked([.. holders.Keys], $"{VisitWords.Of(visit)}を{(order.HoldUntil is not null ? "仮押さえ" : "予約")}（{names}）{Counted(charge)}", occasion);
        if (order.HoldUntil is null)
        {
            await letters.ConfirmedAsync(visit, found, occasion, cancellationToken, time.Experts);
        }

        execution.Audit("visit.booked", visit.Id);
        if (charge is { Units: 0 } or { Extra: > 0 })
        {
            execution.Audit(charge.Units == 0 ? "visit.not_counted" : "visit.beyond_quota", visit.Id);
        }

        execution.Raise(new VisitBooked(found.Id, visit.Id));
        if (waits.Count > 0 && !order.ForWish)
        {
            await MeetWishAsync(visit, found, occasion, cancellationToken);
        }

        return new(visit, found, occasion);
    }

    /// <summary>The client has another date: nobody waits any more, and what was held meanwhile is free. Who wants a booked visit earlier waits on.</summary>
    private async Task MeetWishAsync(Visit booked, Case found, Occasion occasion, CancellationToken cancellationToken)
    {
        if (await wishes.OpenOfAsync(found.Id, cancellationToken) is not { Replaces: null } wish)
        {
            return;
        }

        var held = wish.OfferedVisit is { } id ? await db.Set<Visit>().Include(v => v.Experts).SingleAsync(v => v.Id == id, cancellationToken) : null;
        await wishes.MeetAsync(wish, found, occasion, cancellationToken);
        if (held is { IsOpen: true } && held.Id != booked.Id)
        {
            // Locked with everything else, unless it was offered between the look and the lock.
            quota.DemandLocked(held);
            await cancellation.CancelAsync(new(held, found, occasion), CancelledBy.Desk, "別の日時を予約", cancellationToken);
        }
    }

    private async Task<VisitCharge> ChargeAsync(VisitOrder order, QuotaKey account, bool joint, VisitPlan plan, CancellationToken cancellationToken)
    {
        if (!order.ConsumesQuota)
        {
            return new(0, 0, order.QuotaReason!.Trim());
        }

        var units = joint && (await programmes.GetAsync(plan.Year, cancellationToken)).JointCountsTwice ? 2 : 1;
        if (!order.BeyondQuota)
        {
            await quota.DemandLeftAsync(account, units, cancellationToken);
            return new(units);
        }

        var lacking = quota.Lacking(account, units);
        return lacking == 0 ? new(units) : new(units, lacking, order.QuotaReason!.Trim());
    }

    private static string Counted(VisitCharge charge) => charge switch
    {
        { Units: 0 } => $"。回数に数えない: {charge.Reason}",
        { Extra: > 0 } => $"。業務責任者の承認で上限を超えて予約: {charge.Reason}",
        _ => "",
    };

    /// <summary>What must be known before anything is locked: who would come, whose account, where, and the hold that this booking would make needless.</summary>
    private async Task<(IReadOnlyDictionary<Track, ExpertId> Holders, OrganisationId Organisation, string? Prefecture, EndingHold? Offered)> LookAsync(VisitOrder order, CancellationToken cancellationToken)
    {
        var look = new RoundTrip(db);
        var rows = look.Rows(
            $"select organisation_id, number, prefecture, status from cases where id = {order.Case.Value} and {CaseAccess.Reach.Of(execution.Actor).Covers}",
            r => (OrganisationId: r.MaybeId<OrganisationId>(), Number: r.Text(), Prefecture: r.MaybeText(), Status: r.Code<CaseStatus>()));
        var tracks = look.Rows(
            $"select track, state, expert_id from case_tracks where case_id = {order.Case.Value}", r => new HeldTrack(r.Code<Track>(), r.Code<TrackState>(), r.MaybeId<ExpertId>()));
        var offered = ExpiredHolds.OfferedTo(look, order.Case);
        await look.GoAsync(cancellationToken);
        var seen = rows.Count > 0 ? rows[0] : throw new NotFound();
        if (!CaseActions.IsLegal(seen.Status, CaseAction.Book))
        {
            throw new RuleViolation("case.not_allowed", CaseWords.Of(seen.Status), CaseWords.Of(CaseAction.Book));
        }

        var holders = HeldTrack.Choose(tracks, order.Tracks);
        if (execution.Actor is { Role: Role.Expert, Expert: var own } && holders.Values.All(e => e != own))
        {
            throw new Forbidden("visit.not_own");
        }

        var organisation = seen.OrganisationId
            ?? await Organisation.OfNamelessAsync(db, Ref.To(order.Case), seen.Number, seen.Prefecture, execution.Now, cancellationToken);
        return (holders, organisation, seen.Prefecture, offered.FirstOrDefault());
    }
}

/// <summary>One track of a case as booking sees it.</summary>
internal sealed record HeldTrack(Track Track, TrackState State, ExpertId? Expert)
{
    /// <summary>Who would come for the tracks asked for: all held ones where none is named, else those whose consulting is done.</summary>
    public static List<Track> Held(IReadOnlyCollection<HeldTrack> tracks)
    {
        var holders = tracks.Where(t => t is { State: TrackState.Held or TrackState.Done, Expert: not null }).ToList();
        return [.. (holders.Any(t => t.State == TrackState.Held) ? holders.Where(t => t.State == TrackState.Held) : holders).Select(t => t.Track)];
    }

    /// <exception cref="RuleViolation"><c>track.not_held</c></exception>
    public static IReadOnlyDictionary<Track, ExpertId> Choose(IReadOnlyCollection<HeldTrack> tracks, IReadOnlyCollection<Track>? asked)
    {
        var holders = tracks.Where(t => t is { State: TrackState.Held or TrackState.Done, Expert: not null }).ToList();
        var chosen = asked is not null ? holders.Where(t => asked.Contains(t.Track)).ToList()
            : holders.Any(t => t.State == TrackState.Held) ? holders.Where(t => t.State == TrackState.Held).ToList() : holders;
        return chosen.Count == 0 || (asked is not null && chosen.Count < asked.Distinct().Count())
            ? throw new RuleViolation("track.not_held")
            : chosen.ToDictionary(t => t.Track, t => t.Expert!.Value);
    }
}
