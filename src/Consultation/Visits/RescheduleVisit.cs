using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Organisations;
using Consultation.Persistence;
using Consultation.Staff;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Visits;

/// <summary>
/// Moves a visit to another time, mode or place under the same rules as a booking. Into another fiscal year its quota unit goes with it
/// (domain.md §6.5).
/// </summary>
/// <param name="Mode">As before where null; likewise <paramref name="Place"/> while the mode stays.</param>
[Requires(Permission.BookVisit)]
public sealed record RescheduleVisit(VisitId Visit, DateTimeOffset? Start, DateTimeOffset? End, string? Reason, VisitMode? Mode = null, string? Place = null) : ICommand<ChangedVisit>, ICompetes
{
    string? ICompetes.LostCode => "visit.taken";
}

internal sealed class RescheduleVisitValidator : AbstractValidator<RescheduleVisit>
{
    public RescheduleVisitValidator()
    {
        this.Period(r => r.Start, r => r.End);
        RuleFor(r => r.Reason).RequiredText(InputRules.FieldLength);
        RuleFor(r => r.Place).Storable();
    }
}

internal sealed class RescheduleVisitHandler(Execution execution, VisitAccess visits, VisitMoving moving, VisitQuota quota) : IRequestHandler<RescheduleVisit, ChangedVisit>
{
    public async Task<ChangedVisit> Handle(RescheduleVisit request, CancellationToken cancellationToken)
    {
        var target = PlanRules.Checked(request.Start!.Value, request.End!.Value, request.Mode ?? default, request.Place, execution.Now);
        var hand = await visits.ForMoveAsync(request.Visit, target.Year.Year, cancellationToken);
        var visit = hand.Visit;
        visit.DemandOpen();
        var mode = request.Mode ?? visit.Mode;
        await moving.MoveAsync(hand, target with { Mode = mode, Place = request.Place ?? (mode == visit.Mode ? visit.Place : null) }, request.Reason!, cancellationToken);
        return ChangedVisit.Of(visit, hand.Case, execution.Actor, quota.LeftFor(visit));
    }
}

/// <summary>Everything that another time is, for the person who reschedules and for the expert who puts a visit off at short notice.</summary>
public sealed class VisitMoving(ConsultationDb db, Execution execution, DeskBook desks, ExpiredHolds holds, ExpertDiary diary, VisitQuota quota, VisitLetters letters, SlotWishes wishes)
{
    /// <param name="hand">Loaded for a move into the year of the plan; still open.</param>
    /// <param name="held">The hold whose time it takes; it has ended in this very change.</param>
    /// <param name="tell">False where whoever calls tells everybody in words of its own.</param>
    /// <exception cref="RuleViolation">A reason against the period, <c>visit.client_busy</c>, <c>quota.exhausted</c>.</exception>
    internal async Task MoveAsync(VisitInHand hand, VisitPlan plan, string reason, CancellationToken cancellationToken, VisitId? held = null, bool tell = true)
    {
        var (visit, found, occasion) = hand;
        if (plan == visit.Plan)
        {
            return;
        }

        var except = new HashSet<Ref>(await holds.ReleaseAsync(hand.Expired, cancellationToken)) { Ref.To(visit.Id) };
        if (held is { } own)
        {
            except.Add(Ref.To(own));
        }

        await diary.WriteAsync(cancellationToken);
        var road = await LetGoAsync(visit, found, plan, cancellationToken);
        var ended = except.Select(v => new VisitId(v.Value)).ToList();
        var time = await BookableTime.ReadAsync(db, await desks.NationalAsync(cancellationToken), execution.Now, visit.ExpertIds, found.Prefecture, plan.Start, plan.End, except, cancellationToken);
        time.Road = road;
        await time.DemandFreeAsync(db, plan, execution.Now, except, cancellationToken);
        if (await db.Set<Visit>().AnyAsync(
            v => v.CaseId == found.Id && !ended.Contains(v.Id) && (v.State == VisitState.Held || v.State == VisitState.Confirmed)
                && v.StartsAt < plan.End.ToUniversalTime() && plan.Start.ToUniversalTime() < v.EndsAt, cancellationToken))
        {
            throw new RuleViolation("visit.client_busy");
        }

        var (before, given) = (VisitWords.Of(visit), visit.Plan);
        if (plan.Year.Year == visit.FiscalYear)
        {
            visit.Move(plan, execution.Now);
            quota.Move(visit, given.On, occasion);
        }
        else
        {
            // What does not count is charged to no year, and no account of it is locked.
            if (visit.ConsumesQuota)
            {
                await quota.DemandLeftAsync(new(visit.OrganisationId, plan.Year.Year), visit.QuotaUnits, cancellationToken);
            }

            quota.Release(visit, "年度をまたぐ日程変更", occasion);
            visit.Move(plan, execution.Now);
            quota.Hold(visit, occasion);
        }

        await VisitNumbers.AgreeAsync(db, found.Id, cancellationToken);
        foreach (var expert in time.Experts)
        {
            await time.TakeAsync(diary, expert, Ref.To(visit.Id), plan, visit.State == VisitState.Held ? DiaryState.Held : DiaryState.Confirmed, cancellationToken);
        }

        found.VisitChanged("visit_moved", $"{before} → {VisitWords.Of(visit)} に変更: {reason}", occasion);
        await letters.EndCallsAsync(visit, found, occasion, cancellationToken, moved: true);
        if (tell && visit.State == VisitState.Confirmed)
        {
            await letters.MovedAsync(visit, found, given, occasion, cancellationToken);
        }

        if (held is null && await wishes.OpenOfAsync(found.Id, cancellationToken) is { State: WishState.Waiting } wish && wish.Replaces == visit.Id)
        {
            await wishes.EndAsync(wish, found, "予約の日時の変更", occasion, cancellationToken);
        }

        execution.Audit("visit.moved", visit.Id);
    }

    /// <summary>
    /// The time it had is free before the new one is asked for, so that it stands in nobody's way. Who is on the road for it already, and back before the
    /// new way begins, stays on the road; whoever is not goes on to the new time.
    /// </summary>
    /// <returns>Who was on the road.</returns>
    private async Task<IReadOnlyList<OnTheRoad>> LetGoAsync(Visit visit, Case found, VisitPlan plan, CancellationToken cancellationToken)
    {
        var road = await diary.OnTheRoadAsync(Ref.To(visit.Id), cancellationToken);
        await diary.ReleaseAsync(Ref.To(visit.Id), cancellationToken, goingOn: BookableTime.GoingOn(road, visit.ExpertIds, found.Prefecture, plan));
        return road;
    }

    /// <summary>
    /// To a web meeting at the same time, or another address of one. Its travel is free at once; it takes no time that was not its own, so that no rule of
    /// booking is asked again. Whoever calls tells everybody.
    /// </summary>
    /// <param name="place">The address of the meeting; it may follow later.</param>
    /// <param name="mayComeBack">Whether nobody who waits is to be offered the time of the travel.</param>
    internal async Task ToWebAsync(VisitInHand hand, string? place, string? reason, CancellationToken cancellationToken, bool mayComeBack = false)
    {
        var (visit, found, occasion) = hand;
        var change = visit.Mode == VisitMode.Web ? "の接続先を変更" : " → Web会議に変更";
        var before = VisitWords.Of(visit);
        visit.Move(visit.Plan with { Mode = VisitMode.Web, Place = place }, execution.Now);
        RemindOfVisits.Spare(visit, occasion);
        await diary.StayHereAsync(Ref.To(visit.Id), mayComeBack, cancellationToken);
        found.VisitChanged("visit_moved", $"{before}{change}{(reason is null ? "" : $": {reason}")}", occasion);
        await letters.EndCallsAsync(visit, found, occasion, cancellationToken);
        execution.Audit("visit.moved", visit.Id, "web");
    }
}
