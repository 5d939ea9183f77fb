using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;

namespace Consultation.Routing.Board;

/// <summary>
/// Makes the offers of a plan, all of them or none. Cases are locked in the order of their ids and then the loads of the experts in theirs, as a single
/// offer locks them, and every pair is judged again: whatever has changed since the plan was made is named and nothing is done. The same choice
/// applied once more is a repeat that says who did it and when (journeys J10, J12).
/// </summary>
/// <exception cref="RuleViolation">
/// <c>assignment.outdated</c> with the <see cref="PlanChange"/>s as <c>changes</c>; <c>assignment.applied</c>: the other choice was; <c>assignment.undone</c>;
/// <c>assignment.empty</c>: it would ask nobody.
/// </exception>
[Requires(Permission.OfferCase)]
public sealed record ApplyAssignment(BoardPlanId Plan, AssignmentChoice? Choice) : ICommand<BoardResult>;

internal sealed class ApplyAssignmentValidator : AbstractValidator<ApplyAssignment>
{
    public ApplyAssignmentValidator() => RuleFor(r => r.Choice).NotNull().WithErrorCode("field.required");
}

internal sealed class ApplyAssignmentHandler(Execution execution, BoardAccess access, CaseAccess caseAccess, Offering offering, PlanCheck check) : IRequestHandler<ApplyAssignment, BoardResult>
{
    public async Task<BoardResult> Handle(ApplyAssignment request, CancellationToken cancellationToken)
    {
        var plan = await access.ForChangeAsync(request.Plan, cancellationToken);
        if (!plan.CanApply(request.Choice!.Value))
        {
            return BoardResult.Of(plan, repeated: true);
        }

        access.DemandVersion(plan);
        var choices = plan.ProposalOf(request.Choice.Value).Choices;
        var pairs = plan.Content.Needs.Zip(choices).Where(p => p.Second is not null).Select(p => new PlannedPair(p.First, plan.Content.Experts[p.Second!.Expert])).ToList();
        if (pairs.Count == 0)
        {
            throw new RuleViolation("assignment.empty");
        }

        var cases = await caseAccess.ManyForChangeAsync([.. pairs.Select(p => p.Need.Case).Distinct()], cancellationToken);
        await offering.LockLoadsAsync(pairs.Select(p => p.Expert.Id), cancellationToken);
        var (sound, changes) = await check.JudgeAsync(pairs, cases, cancellationToken);
        if (changes.Count > 0)
        {
            throw new RuleViolation("assignment.outdated", changes.Count) { Extra = { ["changes"] = changes } };
        }

        var made = new List<BoardOffer>();
        foreach (var (need, verdict, match) in sound)
        {
            var found = cases[need.Case];
            var deadline = found.Deadlines.FirstOrDefault(d => d.Kind == DeadlineKind.Assignment && d.Track == need.Track && d.IsRunning);
            var offer = await offering.AskAsync(found, need.Track, match, verdict, false, null, await caseAccess.OccasionAsync(found.DeskId, cancellationToken), cancellationToken);
            made.Add(new(plan.Id, offer.Id, deadline?.Id));
        }

        plan.Apply(request.Choice.Value, made, execution.Actor, execution.Now);
        execution.Audit("assignment.applied", plan.Id, $"{EnumText.Of(request.Choice.Value)}; {made.Count} offers");
        return BoardResult.Of(plan);
    }
}
