using Consultation.Cases;
using Consultation.Experts;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Handover;

/// <summary>
/// Looks at everything that stands in an expert's absence and proposes who takes it over (journey J14). Changes nothing but that the proposal
/// is kept; visits, questions and follow-ups go on as they are until somebody approves.
/// </summary>
/// <param name="From">Of the absence; the one that runs or comes next where null. Half-open with <paramref name="To"/>.</param>
/// <exception cref="RuleViolation"><c>handover.no_absence</c></exception>
[Requires(Permission.ReassignCase)]
public sealed record ProposeHandover(ExpertId Expert, DateTimeOffset? From = null, DateTimeOffset? To = null) : ICommand<HandoverResult>;

internal sealed class ProposeHandoverValidator : AbstractValidator<ProposeHandover>
{
    public ProposeHandoverValidator()
    {
        RuleFor(r => r.From).PossibleInstant();
        RuleFor(r => r.To).PossibleInstant();
        RuleFor(r => r.To).Must((r, to) => to is null == r.From is null && (to is null || r.From < to)).WithErrorCode("expert.period_reversed");
    }
}

internal sealed class ProposeHandoverHandler(ConsultationDb db, Execution execution, ExpertAccess experts, Standing standing, Substitutes substitutes) : IRequestHandler<ProposeHandover, HandoverResult>
{
    public async Task<HandoverResult> Handle(ProposeHandover request, CancellationToken cancellationToken)
    {
        var now = execution.Now.ToUniversalTime();
        var expert = await experts.Visible().Where(e => e.Id == request.Expert).Include(e => e.Absences.Where(a => a.EndsAt > now)).FirstOrDefaultAsync(cancellationToken) ?? throw new NotFound();
        var absence = expert.Absences.OrderBy(a => a.StartsAt).FirstOrDefault(a => request.From is null || (a.StartsAt < request.To && request.From < a.EndsAt)) ?? throw new RuleViolation("handover.no_absence", expert.Name);
        var (from, to) = (absence.StartsAt, absence.EndsAt);

        var tracks = await standing.TracksAsync(expert.Id, from, to, null, cancellationToken);
        var judged = await substitutes.JudgeAsync(expert.Id, tracks, cancellationToken);
        var content = new HandoverContent(
            [.. tracks.Select(t => t.Item)], await standing.FollowUpsAsync(expert.Id, from, to, cancellationToken), await substitutes.ProposeAsync(judged, cancellationToken), await standing.ElsewhereAsync(expert.Id, cancellationToken));
        var plan = new HandoverPlan(expert.Id, from, to, CaseAccess.Reach.Of(execution.Actor).District, content, execution.Actor, execution.Now);
        db.Add(plan);
        execution.Audit("handover.proposed", plan.Id, $"{plan.Items.Count} tracks; {plan.FollowUps.Count} follow-ups");
        return HandoverResult.Of(plan);
    }
}

/// <summary>What an act on a hand-over leaves.</summary>
/// <param name="Repeated">It was so already.</param>
/// <param name="Kept">Of an undone one: tracks that stay with the substitute, with the reason.</param>
public sealed record HandoverResult(
    HandoverPlanId Id, ExpertId Expert, HandoverState State, int Items, int Done, DateTimeOffset? ApprovedAt, string? ApprovedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int Version,
    bool Repeated = false, IReadOnlyList<HandoverKept>? Kept = null)
{
    internal static HandoverResult Of(HandoverPlan plan, bool repeated = false) => new(
        plan.Id, plan.ExpertId, plan.State, plan.Items.Count, plan.Done.Count, plan.ApprovedAt, plan.ApprovedBy, plan.UndoneAt, plan.UndoneBy, plan.Version, repeated);
}

public sealed record HandoverKept(CaseId Case, string Number, string Why);
