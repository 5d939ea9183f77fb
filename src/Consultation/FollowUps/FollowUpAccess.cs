using System.Linq.Expressions;
using Consultation.Cases;
using Consultation.Messaging;
using Consultation.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Consultation.FollowUps;

/// <summary>Whose follow-ups an actor may see and work: those of visible cases; an expert only the ones passed on to that expert.</summary>
public sealed class FollowUpAccess(ConsultationDb db, Execution execution, CaseAccess cases)
{
    public static Expression<Func<FollowUp, bool>> Visible(Actor actor) =>
        actor is { Role: Role.Expert, Expert: { } own } ? f => f.ExpertId == own : _ => true;

    /// <summary>The follow-up under the lock of its case.</summary>
    /// <exception cref="NotFound">None that the actor may see.</exception>
    internal async Task<(FollowUp FollowUp, Case Case, Occasion Occasion)> ForChangeAsync(FollowUpId id, CancellationToken cancellationToken)
    {
        var owner = await db.Set<FollowUp>().AsNoTracking().Where(Visible(execution.Actor)).Where(f => f.Id == id).Select(f => (CaseId?)f.CaseId).FirstOrDefaultAsync(cancellationToken)
            ?? throw new NotFound();
        var found = await cases.ForChangeAsync(owner, cancellationToken);
        var followUp = await db.Set<FollowUp>().SingleAsync(f => f.Id == id, cancellationToken);
        return (followUp, found, await cases.OccasionAsync(found.DeskId, cancellationToken));
    }
}

/// <summary>What every change of a follow-up answers. <c>Version</c> is that of its case, because a follow-up changes only with it.</summary>
public sealed record ChangedFollowUp(
    FollowUpId Id, CaseId Case, string CaseNumber, CaseStatus CaseStatus, FollowUpKind Kind, DateOnly BaseOn, DateOnly DueOn, string Why, FollowUpState State,
    FollowUpResult? Result, TeleworkStatus? TeleworkStatus, int Version)
{
    public static ChangedFollowUp Of(FollowUp changed, Case found) => new(
        changed.Id, found.Id, found.Number, found.Status, changed.Kind, changed.BaseOn, changed.DueOn, changed.Why, changed.State, changed.Result, changed.TeleworkStatus, found.Version);
}
