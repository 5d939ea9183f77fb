using Consultation.Messaging;
using Consultation.Persistence;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Consultation.Cases;

/// <summary>
/// The deadlines past which the actor has been told, and that are still not met (督促): their own, as 窓口担当 or as the expert who is to book; those of the
/// desk from the second rung on; those that have reached the supervisors. The longest overdue first.
/// </summary>
[Requires(Permission.ViewCases)]
public sealed record ListEscalations : IQuery<IReadOnlyList<EscalatedDeadline>>;

public sealed record EscalatedDeadline(
    CaseId Case, string Number, string? Organisation, string District, DeadlineKind Kind, Topics.Track? Track, DateTimeOffset Due, string Why, EscalationStep Step, DateTimeOffset At);

internal sealed class ListEscalationsHandler(ConsultationDb db, Execution execution) : IRequestHandler<ListEscalations, IReadOnlyList<EscalatedDeadline>>
{
    private const int Most = 50;

    public async Task<IReadOnlyList<EscalatedDeadline>> Handle(ListEscalations request, CancellationToken cancellationToken)
    {
        var (actor, now) = (execution.Actor, execution.Now.ToUniversalTime());
        var told =
            from d in db.Set<Deadline>().AsNoTracking()
            join c in db.Set<Case>().Where(CaseAccess.Visible(actor)) on d.CaseId equals c.Id
            where d.State == DeadlineState.Open && d.DueAt <= now && d.Escalated != null && !c.OnHold
            select new { Deadline = d, Case = c };
        told = actor switch
        {
            { Role: Role.Supervisor } => told.Where(t => t.Deadline.Escalated == EscalationStep.Supervisor),
            { Role: Role.Expert, Expert: { } expert } => told.Where(t => t.Deadline.Kind == DeadlineKind.FirstVisit && t.Case.Tracks.Any(r => r.Track == t.Deadline.Track && r.ExpertId == expert)),
            { Role: Role.Desk or Role.Centre, Staff: var staff, Desk: var desk } => told.Where(t =>
                t.Deadline.Escalated == EscalationStep.Holder ? t.Case.Holder == staff && t.Deadline.Kind != DeadlineKind.FirstVisit : desk == null || t.Case.DeskId == desk),
            _ => told.Where(_ => false),
        };
        var lines = await told.OrderBy(t => t.Deadline.DueAt).ThenBy(t => t.Deadline.Id).Take(Most)
            .Select(t => new EscalatedDeadline(
                t.Case.Id, t.Case.Number, t.Case.OrganisationName, t.Case.District, t.Deadline.Kind, t.Deadline.Track, t.Deadline.DueAt, t.Deadline.Why,
                t.Deadline.Escalated!.Value, t.Deadline.EscalatedAt!.Value)).ToListAsync(cancellationToken);
        if (lines.Count > 0)
        {
            execution.Audit("cases.escalations_viewed", CaseRows.AsList, string.Join(' ', lines.Select(l => l.Number).Distinct()));
        }

        return lines;
    }
}
