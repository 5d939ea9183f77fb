using Consultation.Cases;
using Consultation.Experts;
using Consultation.FollowUps;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Routing;
using Consultation.Routing.Board;
using Consultation.Topics;
using Consultation.Visits;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>Somebody else for one item than was proposed, or nobody.</summary>
public sealed record HandoverChoice(CaseId Case, Track Track, ExpertId? Expert);

/// <summary>
/// The one approval of a hand-over (journey J14), as a whole or not at all: visits and tracks go to their substitutes, open questions to
/// somebody else, follow-ups to the desk. Each client gets one letter, each substitute one. Everything is judged again under the locks of a
/// booking, and whatever has changed since the proposal is named and nothing is done. Once more is a repeat.
/// </summary>
/// <param name="Source">How it is known that the substitutes agree.</param>
/// <param name="Choices">Only where they differ from the proposal.</param>
/// <exception cref="RuleViolation">
/// <c>handover.outdated</c> with the changes; <c>handover.absence_gone</c>; <c>handover.undone</c>; <c>handover.empty</c>.
/// </exception>
[Requires(Permission.ReassignCase)]
public sealed record ApproveHandover(HandoverPlanId Plan, string? Source, IReadOnlyList<HandoverChoice>? Choices = null) : ICommand<HandoverResult>;

internal sealed class ApproveHandoverValidator : AbstractValidator<ApproveHandover>
{
    public ApproveHandoverValidator() => RuleFor(r => r.Source).RequiredText(InputRules.FieldLength);
}

/// <summary>What keeps an item from being handed over as it was proposed.</summary>
public sealed record HandoverChange(CaseId CaseId, string Number, Track Track, string Text);

internal sealed class ApproveHandoverHandler(
    ConsultationDb db, Execution execution, HandoverAccess access, CaseAccess cases, Standing standing, Substitutes substitutes, Offering offering, OfferCalls calls,
    PassingOn passing, VisitSubstitution visits, HandoverLetters letters) : IRequestHandler<ApproveHandover, HandoverResult>
{
    public async Task<HandoverResult> Handle(ApproveHandover request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        if (!plan.CanApprove())
        {
            return HandoverResult.Of(plan, repeated: true);
        }

        var chosen = Choose(plan, request.Choices ?? []);
        if (chosen.Count == 0 && plan.FollowUps.Count == 0)
        {
            throw new RuleViolation("handover.empty");
        }

        // The order of locks is a booking's: diaries, cases, loads.
        var locks = new RoundTrip(db);
        ExpertDiary.Lock(locks, chosen.Values.Append(plan.ExpertId));
        await locks.GoAsync(cancellationToken);
        var locked = await cases.ManyForChangeAsync([.. chosen.Keys.Select(i => i.Case).Concat(plan.FollowUps.Select(f => f.Case)).Distinct()], cancellationToken);
        await offering.LockLoadsAsync(chosen.Values, cancellationToken);
        var sound = await DemandSoundAsync(plan, chosen, cancellationToken);

        var name = await db.Set<Expert>().Where(e => e.Id == plan.ExpertId).Select(e => e.Name).SingleAsync(cancellationToken);
        var done = new List<HandoverDone>();
        foreach (var (item, judged) in sound)
        {
            done.Add(await HandOverAsync(plan, item, judged, chosen[item], name, request.Source!, cancellationToken));
        }

        await PassFollowUpsAsync(plan, done, locked, cancellationToken);
        await letters.TellAsync($"handover/{plan.Id}", name, done, taken: true, cancellationToken);
        await letters.ReleaseAsync($"handover-passed/{plan.Id}", [.. done.Where(d => !d.Asked).Select(d => d with { To = plan.ExpertId })], back: false, cancellationToken);
        plan.Approve(done, request.Source!, execution.Actor, execution.Now);
        execution.Audit("handover.approved", plan.Id, $"{done.Count} of {plan.Items.Count} tracks");
        return HandoverResult.Of(plan);
    }

    private static Dictionary<HandoverItem, ExpertId> Choose(HandoverPlan plan, IReadOnlyList<HandoverChoice> differing)
    {
        if (differing.Any(d => !plan.Items.Exists(i => i.Case == d.Case && i.Track == d.Track)))
        {
            throw new InvalidInput("choices", "handover.not_an_item");
        }

        var chosen = new Dictionary<HandoverItem, ExpertId>();
        foreach (var (item, at) in plan.Items.Select((item, at) => (item, at)))
        {
            var other = differing.LastOrDefault(d => d.Case == item.Case && d.Track == item.Track);
            if ((other is null ? plan.ProposedFor(at) : other.Expert) is { } expert)
            {
                chosen[item] = expert;
            }
        }

        return chosen;
    }

    private async Task<IReadOnlyList<(HandoverItem Item, Substitution Judged)>> DemandSoundAsync(HandoverPlan plan, Dictionary<HandoverItem, ExpertId> chosen, CancellationToken cancellationToken)
    {
        var began = execution.Now.ToUniversalTime();
        if (!await db.Set<ExpertAbsence>().AnyAsync(a => a.ExpertId == plan.ExpertId && a.StartsAt < plan.EndsAt && plan.StartsAt < a.EndsAt && a.EndsAt > began, cancellationToken))
        {
            throw new RuleViolation("handover.absence_gone");
        }

        var now = await standing.TracksAsync(plan.ExpertId, plan.StartsAt, plan.EndsAt, [.. chosen.Keys.Select(i => i.Case)], cancellationToken);
        var judged = (await substitutes.JudgeAsync(plan.ExpertId, now, cancellationToken)).ToDictionary(s => (s.Standing.Case.Id, s.Standing.Track.Track));
        var changes = new List<HandoverChange>();
        var sound = new List<(HandoverItem, Substitution)>();
        var given = new Dictionary<ExpertId, HashSet<CaseId>>();
        foreach (var (item, expert) in chosen)
        {
            var stands = judged.GetValueOrDefault((item.Case, item.Track));
            var coming = stands?.Coming.Verdicts.FirstOrDefault(v => v.Expert == expert);
            // Each counts what those before it take, as on the board.
            var verdict = stands is null || coming is not { IsEligible: true } ? coming : PlanCheck.WithGiven(stands.Judged, item.Case, given).Verdicts.First(v => v.Expert == expert);
            if (stands is null || !item.IsSameAs(stands.Standing.Item))
            {
                changes.Add(new(item.Case, item.Number, item.Track, "案を作った後に、担当か予約が変わりました"));
            }
            else if (verdict is not { IsEligible: true })
            {
                changes.Add(new(item.Case, item.Number, item.Track, $"{verdict?.Name ?? "選んだ専門家"}さんには引き継げません: {string.Join("、", verdict?.Excluded.Select(x => x.Text) ?? ["登録がありません"])}"));
            }
            else
            {
                (given.TryGetValue(expert, out var taken) ? taken : given[expert] = []).Add(item.Case);
                sound.Add((item, stands));
            }
        }

        if (Substitutes.Clash([.. sound.Select(s => s.Item2)], at => chosen[sound[at].Item1]) is { } clash)
        {
            var (item, stands) = sound[clash.Need];
            changes.Add(new(item.Case, item.Number, item.Track, $"{stands.Judged.Verdicts.First(v => v.Expert == clash.Expert).Name}さんは、同じ時間に別の相談にも選ばれています"));
        }

        return changes.Count == 0 ? sound : throw new RuleViolation("handover.outdated", changes.Count) { Extra = { ["changes"] = changes } };
    }

    private async Task<HandoverDone> HandOverAsync(HandoverPlan plan, HandoverItem item, Substitution judged, ExpertId to, string name, string source, CancellationToken cancellationToken)
    {
        var found = judged.Standing.Case;
        var occasion = await cases.OccasionAsync(found.DeskId, cancellationToken);
        var verdict = judged.Judged.Verdicts.Single(v => v.Expert == to);
        if (item.Asked)
        {
            var offer = await db.Set<Offer>().SingleAsync(o => o.Id == item.Offer, cancellationToken);
            await offering.TakeBackAsync(found, offer, name, HandoverWords.Why, occasion, cancellationToken);
            found.OfferEnded(item.Track, "offer_withdrawn", $"{name}への打診を取下げ（{HandoverWords.Why}）", occasion);
            await calls.EndAsync(offer, found, occasion, cancellationToken);
            var asked = await offering.AskAsync(found, item.Track, judged.Judged, verdict, false, null, occasion, cancellationToken);
            return new(item.Case, item.Track, to, asked.Id, true, []);
        }

        var passed = await passing.PassOnAsync(found, item.Track, (to, verdict.Name), judged.Judged, source, HandoverWords.Why, occasion, cancellationToken);
        foreach (var visit in judged.Standing.Visits)
        {
            await visits.SubstituteAsync(visit, found, item.Track, plan.ExpertId, (to, verdict.Name), occasion, cancellationToken);
        }

        return new(item.Case, item.Track, to, passed, false, [.. item.Visits.Select(v => v.Visit)]);
    }

    private async Task PassFollowUpsAsync(HandoverPlan plan, IReadOnlyList<HandoverDone> done, IReadOnlyDictionary<CaseId, Case> locked, CancellationToken cancellationToken)
    {
        var ids = plan.FollowUps.Select(f => f.FollowUp).ToList();
        var passed = done.Where(d => !d.Asked).Select(d => d.Case).ToList();
        var own = await db.Set<FollowUp>().Where(f => f.ExpertId == plan.ExpertId && (ids.Contains(f.Id) || passed.Contains(f.CaseId))).OrderBy(f => f.DueOn).ToListAsync(cancellationToken);
        foreach (var followUp in own.Where(f => f.IsOpen && locked.ContainsKey(f.CaseId)))
        {
            followUp.PassTo((ExpertId?)null);
            var found = locked[followUp.CaseId];
            found.FollowedUp("follow_up_assigned", $"{FollowUpWords.Of(followUp.Kind)}を窓口に戻す（{HandoverWords.Why}）", await cases.OccasionAsync(found.DeskId, cancellationToken));
            execution.Audit("follow_up.assigned", followUp.Id);
        }
    }
}

internal static class HandoverWords
{
    /// <summary>What everybody may read; why the expert is away is nobody's business.</summary>
    public const string Why = "専門家の不在";
}
