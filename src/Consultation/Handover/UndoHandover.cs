using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Staff;
using Consultation.Visits;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>
/// Gives back what an approved hand-over passed on, when the expert has returned: tracks that the substitute still holds, with the visits that are
/// still to come. What took place meanwhile stays told as it was; where the expert is not free for a visit, or somebody decided otherwise, the track
/// stays with the substitute and is named. Each client and each expert learns of it once. Once more is a repeat.
/// </summary>
/// <exception cref="RuleViolation"><c>handover.not_approved</c></exception>
[Requires(Permission.ReassignCase)]
public sealed record UndoHandover(HandoverPlanId Plan) : ICommand<HandoverResult>;

internal sealed class UndoHandoverHandler(
    ConsultationDb db, Execution execution, HandoverAccess access, CaseAccess cases, Offering offering, PassingOn passing, VisitSubstitution visits, HandoverLetters letters)
    : IRequestHandler<UndoHandover, HandoverResult>
{
    private const string Why = "専門家の復帰";

    public async Task<HandoverResult> Handle(UndoHandover request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        if (!plan.CanUndo())
        {
            return HandoverResult.Of(plan, repeated: true);
        }

        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, plan.Done.Select(d => d.To).Append(plan.ExpertId));
        await locks.GoAsync(cancellationToken);
        var locked = await cases.ManyForChangeAsync([.. plan.Done.Select(d => d.Case).Distinct()], cancellationToken);
        await offering.LockLoadsAsync([plan.ExpertId], cancellationToken);
        var back = await db.Set<Expert>().AsNoTracking().Where(e => e.Id == plan.ExpertId).Select(e => new { e.Id, e.Name, e.Active }).SingleAsync(cancellationToken);
        var given = new List<HandoverDone>();
        var kept = new List<HandoverKept>();
        foreach (var done in plan.Done)
        {
            var number = plan.Items.First(i => i.Case == done.Case).Number;
            var found = locked.GetValueOrDefault(done.Case);
            var open = found is null ? [] : await OpenVisitsAsync(done, cancellationToken);
            if (await WhyNotAsync(done, found, plan.ExpertId, back.Active, open, cancellationToken) is { } why)
            {
                kept.Add(new(done.Case, number, why));
                continue;
            }

            var occasion = await cases.OccasionAsync(found!.DeskId, cancellationToken);
            var offer = await passing.PassOnAsync(found, done.Track, (back.Id, back.Name), null, "復帰した本人に戻す", Why, occasion, cancellationToken);
            foreach (var visit in open)
            {
                await visits.SubstituteAsync(visit, found, done.Track, done.To, (back.Id, back.Name), occasion, cancellationToken);
            }

            given.Add(new(done.Case, done.Track, plan.ExpertId, offer, false, [.. open.Select(v => v.Id)]));
        }

        await letters.TellAsync($"handover-undone/{plan.Id}", "代わりの専門家", given, taken: false, cancellationToken);
        await letters.ReleaseAsync($"handover-released/{plan.Id}", [.. plan.Done.Where(d => given.Exists(g => g.Case == d.Case && g.Track == d.Track))], back: true, cancellationToken);
        plan.Undo(execution.Actor, execution.Now);
        execution.Audit("handover.undone", plan.Id, $"{given.Count} of {plan.Done.Count} tracks");
        return HandoverResult.Of(plan) with { Kept = kept };
    }

    private Task<List<Visit>> OpenVisitsAsync(HandoverDone done, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        return db.Set<Visit>().Include(v => v.Experts)
            .Where(v => v.CaseId == done.Case && (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt > now && v.Experts.Any(e => e.Track == done.Track && e.ExpertId == done.To))
            .OrderBy(v => v.StartsAt).ToListAsync(cancellationToken);
    }

    private async Task<string?> WhyNotAsync(HandoverDone done, Case? found, ExpertId back, bool active, IReadOnlyList<Visit> open, CancellationToken cancellationToken)
    {
        if (done.Asked)
        {
            return "別の専門家への打診は、そのまま続けます";
        }

        if (found is null)
        {
            return "ほかの窓口へ引き継がれました";
        }

        if (found.Status == CaseStatus.Closed || found.TrackOf(done.Track) is not { State: TrackState.Held } held || held.ExpertId != done.To || held.OfferId != done.Offer)
        {
            return "その後に担当が変わったか、支援が終わっています";
        }

        if (!active)
        {
            return "元の専門家の登録が終了しています";
        }

        // What the substitute has begun is the substitute's to end, and so is the report of it: with the track it would be nobody's.
        var now = execution.Now.ToUniversalTime();
        var own = db.Set<Visit>().Where(v => v.CaseId == done.Case && v.Experts.Any(e => e.Track == done.Track && e.ExpertId == done.To));
        if (await own.AnyAsync(v => (v.State == VisitState.Held || v.State == VisitState.Confirmed) && v.StartsAt <= now, cancellationToken))
        {
            return "代わりの専門家の相談が始まっていて、実施がまだ記録されていません";
        }

        if (await own.AnyAsync(VisitAccess.Owing(db, done.To), cancellationToken))
        {
            return "代わりの専門家が行った相談の報告が、まだ出ていません";
        }

        // Where the expert comes for the other ministry anyway, there is nothing to be free for.
        foreach (var visit in open.Where(v => !v.ExpertIds.Contains(back)))
        {
            if (Substitutes.AgainstComing(await visits.TimeOfAsync(visit, found, [back], cancellationToken), visit.Plan, execution.Now) is { } against)
            {
                return against;
            }
        }

        return null;
    }
}
