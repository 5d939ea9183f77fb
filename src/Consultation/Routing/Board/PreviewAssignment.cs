using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Routing.Board;

/// <summary>
/// Proposes experts for every waiting track the actor may see, or for a selection of cases, in two ways side by side, and keeps the plan (journey J10).
/// Asks nobody. Judging and solving take their time outside any transaction, so that nobody waits for them.
/// </summary>
/// <param name="Cases">Null for all; of more than a plan holds the oldest.</param>
/// <exception cref="InvalidInput">A case that is named is not there for the actor.</exception>
[Requires(Permission.OfferCase), OutsideTransaction]
public sealed record PreviewAssignment(IReadOnlyList<CaseId>? Cases = null) : ICommand<BoardResult>;

internal sealed class PreviewAssignmentValidator : AbstractValidator<PreviewAssignment>
{
    public PreviewAssignmentValidator() => RuleFor(r => r.Cases)
        .Must(c => c is not { Count: 0 }).WithErrorCode("field.required")
        .Must(c => c is not { Count: > WaitingNeeds.Most }).WithErrorCode("assignment.too_many").WithState(_ => new object?[] { WaitingNeeds.Most });
}

internal sealed class PreviewAssignmentHandler(Dispatcher dispatcher, Execution execution, WaitingNeeds waiting) : IRequestHandler<PreviewAssignment, BoardResult>
{
    public async Task<BoardResult> Handle(PreviewAssignment request, CancellationToken cancellationToken)
    {
        var content = request.Cases is { } selected ? await waiting.OfAsync(selected, cancellationToken) : (await waiting.AllAsync(null, cancellationToken)).Content;
        return await dispatcher.Send(new KeepPlan(content), execution.Actor, cancellationToken, execution.IdempotencyKey);
    }
}

/// <summary>Stores a proposal.</summary>
[Requires(Permission.OfferCase)]
internal sealed record KeepPlan(PlanContent Content) : ICommand<BoardResult>;

internal sealed class KeepPlanHandler(ConsultationDb db, Execution execution) : IRequestHandler<KeepPlan, BoardResult>
{
    public Task<BoardResult> Handle(KeepPlan request, CancellationToken cancellationToken)
    {
        var plan = new BoardPlan(request.Content, BoardAccess.DistrictOf(execution.Actor), execution.Actor, execution.Now);
        db.Add(plan);
        execution.Audit("assignment.previewed", plan.Id, $"{plan.Content.Needs.Count} needs");
        return Task.FromResult(BoardResult.Of(plan));
    }
}

/// <summary>What an act on a plan leaves.</summary>
/// <param name="Repeated">It was so already; who did it and when stands here.</param>
/// <param name="Withdrawn">Of an undone plan: offers taken back by this act.</param>
/// <param name="Kept">Of an undone plan: offers that had been answered and stay.</param>
public sealed record BoardResult(
    BoardPlanId Id, BoardPlanState State, AssignmentChoice? Choice, DateTimeOffset? AppliedAt, string? AppliedBy, DateTimeOffset? UndoneAt, string? UndoneBy, int Version,
    bool Repeated = false, int Withdrawn = 0, int Kept = 0)
{
    internal static BoardResult Of(BoardPlan plan, bool repeated = false) => new(
        plan.Id, plan.State, plan.Choice, plan.AppliedAt, plan.AppliedBy, plan.UndoneAt, plan.UndoneBy, plan.Version, repeated);
}
